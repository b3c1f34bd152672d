package dev.accrete.spark;

import dev.accrete.core.Backend;
import dev.accrete.nn.Inference;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Model;
import dev.accrete.nn.MomentInference;
import dev.accrete.nn.Weights;
import java.util.ArrayList;
import java.util.List;

/** The features that a model's head reads: its network's, or moments of several layers. */
final class Latents implements AutoCloseable {
  /** What computes them. */
  @FunctionalInterface
  private interface Features {
    void run(byte[] pixels, int rows, float[] features);
  }

  private final Learner network;
  private final Features features;
  private final int size;
  private final float[] values;

  Latents(Model model, Backend backend, int miniBatch) {
    network = new Learner(backend, model.network(), model.preprocessing());
    try {
      Weights weights = model.weights();
      network.initialize(weights.parameters(), weights.moments());
      if (model.moments().isPresent()) {
        MomentInference moments =
            network.compileMoments(model.moments().orElseThrow(), model.isMirrored(), miniBatch);
        size = moments.size();
        features = moments::run;
      } else {
        Inference inference = network.compileInference(miniBatch);
        size = model.network().featureSize();
        features = (pixels, rows, to) -> inference.run(pixels, rows, new float[0], to);
      }
      values = new float[miniBatch * size];
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** Those of the first images. */
  List<Float[]> of(byte[] pixels, int rows) {
    features.run(pixels, rows, values);
    List<Float[]> all = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Float[] one = new Float[size];
      for (int i = 0; i < size; i++) {
        one[i] = values[row * size + i];
      }
      all.add(one);
    }
    return all;
  }

  @Override
  public void close() {
    network.close();
  }
}
