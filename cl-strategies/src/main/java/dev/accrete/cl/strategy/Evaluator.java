package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageRows;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.nn.Inference;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import dev.accrete.nn.Scores;

/** Runs a learner's network, with its moving moments, over any number of images. */
public final class Evaluator {
  private static final float[] UNWANTED = new float[0];

  private final Network network;
  private final Inference inference;
  private final ImageRows images;

  /** Compiles the network for mini-batches of {@code miniBatch} images. */
  Evaluator(Learner learner, int miniBatch) {
    network = learner.network();
    inference = learner.compileInference(miniBatch);
    images = new ImageRows(miniBatch, network.channels(), network.height(), network.width());
  }

  /** Receives the results of one image, {@code values} from {@code offset} on. */
  @FunctionalInterface
  public interface Sink {
    /** Takes the numbers of the image at {@code position} of those asked for. */
    void accept(int position, float[] values, int offset);
  }

  /** The class of every image with the highest logit among the classes {@code seen}. */
  public int[] predict(ImageSet set, int[] indices, boolean[] seen) {
    int[] predicted = new int[indices.length];
    float[] logits = new float[inference.miniBatch() * network.classes()];
    run(
        set,
        indices,
        logits,
        UNWANTED,
        (position, row) -> predicted[position] = best(logits, row * network.classes(), seen));
    return predicted;
  }

  /** Hands the features of every image to {@code sink}, in order. Returns the macs spent. */
  public long features(ImageSet set, int[] indices, Sink sink) {
    float[] features = new float[inference.miniBatch() * network.featureSize()];
    run(
        set,
        indices,
        UNWANTED,
        features,
        (position, row) -> sink.accept(position, features, row * network.featureSize()));
    long runs = Math.ceilDiv(indices.length, inference.miniBatch());
    return runs * inference.miniBatch() * inference.macsPerImage();
  }

  @FunctionalInterface
  private interface RowSink {
    void accept(int position, int row);
  }

  private void run(ImageSet set, int[] indices, float[] logits, float[] features, RowSink sink) {
    LabelledImages.requireSize(network, set);
    for (int from = 0; from < indices.length; from += inference.miniBatch()) {
      int rows = Math.min(inference.miniBatch(), indices.length - from);
      images.read(set, indices, from, rows);
      inference.run(images.pixels(), rows, logits, features);
      for (int row = 0; row < rows; row++) {
        sink.accept(from + row, row);
      }
    }
  }

  /**
   * The class seen with the highest of {@code scores[offset..]}; the lowest such class if several
   * tie.
   *
   * @throws IllegalStateException if no class was seen
   */
  static int best(float[] scores, int offset, boolean[] seen) {
    int best = Scores.best(scores, offset, seen);
    if (best < 0) {
      throw new IllegalStateException(
          "nothing is known, so there is no class to predict: learn some images first");
    }
    return best;
  }
}
