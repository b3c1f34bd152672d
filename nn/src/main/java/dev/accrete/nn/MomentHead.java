package dev.accrete.nn;

import java.util.stream.IntStream;

/**
 * A linear head on moments of several layers, in the place of the network's own.
 *
 * @param moments what it reads
 * @param mirrored whether that is averaged over an image and its mirror image
 * @param weights [classes, size], row by row
 */
@SuppressWarnings("ArrayRecordComponent") // Local to this package; heads are not compared.
record MomentHead(LayerMoments moments, boolean mirrored, float[] weights) {
  /** Throws unless it has a finite number for every class of a network and every feature. */
  void check(Network network) {
    int size = Math.multiplyExact(network.classes(), moments.size(network));
    if (weights.length != size) {
      throw new IllegalArgumentException(
          "a head of "
              + network.classes()
              + " classes on "
              + moments
              + " has "
              + size
              + " weights, got "
              + weights.length);
    }
    for (int i = 0; i < size; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new IllegalArgumentException("weight " + i + " of the head is " + weights[i]);
      }
    }
  }

  /** Images to scores on a network compiled by {@code host}. */
  Scorer open(Inference.Host host, int miniBatch) {
    MomentInference inference = new MomentInference(host, moments, mirrored, miniBatch);
    return new Opened(inference, weights, host.network().classes());
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Opened(MomentInference inference, float[] weights, int classes) implements Scorer {
    @Override
    public int miniBatch() {
      return inference.miniBatch();
    }

    @Override
    public void run(byte[] images, int rows, float[] scores) {
      int size = inference.size();
      float[] features = new float[rows * size];
      inference.run(images, rows, features);
      // In double: scores are small differences of large terms.
      IntStream.range(0, rows * classes)
          .forEach(
              i -> {
                int row = i / classes * size;
                int weight = i % classes * size;
                double sum = 0;
                for (int k = 0; k < size; k++) {
                  sum += (double) weights[weight + k] * features[row + k];
                }
                scores[i] = (float) sum;
              });
    }

    @Override
    public long bytes() {
      return inference.bytes() + 4L * weights.length;
    }
  }
}
