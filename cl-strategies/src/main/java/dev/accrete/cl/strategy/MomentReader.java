package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageRows;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.nn.LayerMoments;
import dev.accrete.nn.Learner;
import dev.accrete.nn.MomentInference;
import dev.accrete.nn.Network;

/** Describes any number of images by moments of a learner's layers. */
final class MomentReader {
  private final Network network;
  private final MomentInference inference;
  private final ImageRows images;
  private final float[] features;

  MomentReader(Learner learner, LayerMoments moments, boolean mirrored, int miniBatch) {
    network = learner.network();
    inference = learner.compileMoments(moments, mirrored, miniBatch);
    images = new ImageRows(miniBatch, network.channels(), network.height(), network.width());
    features = new float[Math.multiplyExact(miniBatch, inference.size())];
  }

  /** How many numbers describe an image. */
  int size() {
    return inference.size();
  }

  /** Hands the features of every image to {@code sink}, in order. Returns the macs spent. */
  long features(ImageSet set, int[] indices, Evaluator.Sink sink) {
    LabelledImages.requireSize(network, set);
    for (int from = 0; from < indices.length; from += inference.miniBatch()) {
      int rows = Math.min(inference.miniBatch(), indices.length - from);
      images.read(set, indices, from, rows);
      inference.run(images.pixels(), rows, features);
      for (int row = 0; row < rows; row++) {
        sink.accept(from + row, features, row * inference.size());
      }
    }
    long runs = Math.ceilDiv(indices.length, inference.miniBatch());
    return runs * inference.miniBatch() * inference.macsPerImage();
  }
}
