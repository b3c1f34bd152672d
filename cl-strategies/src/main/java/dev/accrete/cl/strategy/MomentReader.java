package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageRows;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.nn.LayerMoments;
import dev.accrete.nn.Learner;
import dev.accrete.nn.MomentInference;
import dev.accrete.nn.Network;

/** Describes any number of images by moments of a learner's layers. */
final class MomentReader {
  /** Few images are not worth a step made for many. */
  private static final int FEWER = 4;

  private final Network network;
  private final MomentInference many;
  private final MomentInference few;
  private final ImageRows images;
  private final float[] features;

  /** Receives what describes some images: those from {@code first} on of those asked for. */
  @FunctionalInterface
  interface Sink {
    /** Takes {@code count} descriptions, one after the other; the array is used again. */
    void accept(int first, int count, float[] features);
  }

  MomentReader(Learner learner, LayerMoments moments, boolean mirrored, int miniBatch) {
    network = learner.network();
    many = learner.compileMoments(moments, mirrored, miniBatch);
    few = learner.compileMoments(moments, mirrored, Math.ceilDiv(miniBatch, FEWER));
    images = new ImageRows(miniBatch, network.channels(), network.height(), network.width());
    features = new float[Math.multiplyExact(miniBatch, many.size())];
  }

  /** How many numbers describe an image. */
  int size() {
    return many.size();
  }

  /** Hands the features of every image to {@code sink}, in order. Returns the macs spent. */
  long features(ImageSet set, int[] indices, Sink sink) {
    LabelledImages.requireSize(network, set);
    long macs = 0;
    for (int from = 0; from < indices.length; from += many.miniBatch()) {
      int rows = Math.min(many.miniBatch(), indices.length - from);
      MomentInference inference = rows > few.miniBatch() ? many : few;
      images.read(set, indices, from, rows);
      inference.run(images.pixels(), rows, features);
      macs += inference.miniBatch() * inference.macsPerImage();
      sink.accept(from, rows, features);
    }
    return macs;
  }
}
