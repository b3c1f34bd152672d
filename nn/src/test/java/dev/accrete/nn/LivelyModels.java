package dev.accrete.nn;

import dev.accrete.core.Backend;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Rng;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Untrained models in which every weight counts, and whose answers differ between images. */
final class LivelyModels {
  static final List<String> CLASSES = List.of("cup", "große Tasse", "🥤, \"tall\"", "d");
  private static final double SPAN = 3;

  private LivelyModels() {}

  static Model plain(String architecture, int size) {
    Network network = ModelSpec.parse(architecture, size, CLASSES.size());
    Weights weights = weights(network);
    Model first = Model.of(architecture, size, CLASSES, weights, Preprocessing.imageNet());
    float factor = (float) (SPAN / span(first));
    Parameter head = network.head();
    for (int i = head.offset(); i < head.offset() + head.size(); i++) {
      weights.parameters()[i] *= factor;
    }
    return Model.of(architecture, size, CLASSES, weights, Preprocessing.imageNet())
        .withProvenance(Map.of("strategy", "none", "days", "3"));
  }

  static Model calibrated(String architecture, int size) {
    return plain(architecture, size).withBias(0.5f, -1, 0, 0.25f).withTemperature(1.5f);
  }

  static Model onMoments(String architecture, int size, LayerSet set, boolean mirrored) {
    Model model = calibrated(architecture, size);
    LayerMoments moments = LayerMoments.of(model.network(), set);
    float[] head = new float[CLASSES.size() * moments.size(model.network())];
    Rng rng = Rng.of(9, 0);
    for (int i = 0; i < head.length; i++) {
      head[i] = rng.nextFloat() - 0.5f;
    }
    float factor = (float) (SPAN / span(model.withMoments(moments, mirrored, head)));
    for (int i = 0; i < head.length; i++) {
      head[i] *= factor;
    }
    return model.withMoments(moments, mirrored, head);
  }

  /** Those that are shipped, or else random ones: deep random networks answer all alike. */
  static Weights weights(Network network) {
    return Backbones.find(network)
        .map(backbone -> backbone.weights(network, 3))
        .orElseGet(() -> random(network));
  }

  private static Weights random(Network network) {
    Weights weights = Weights.initial(network, 3);
    Rng rng = Rng.of(4, 0);
    for (Parameter parameter : network.parameters().all()) {
      for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
        weights.parameters()[i] *= 1 + 0.2f * (rng.nextFloat() - 0.5f);
        weights.parameters()[i] += 0.02f * (rng.nextFloat() - 0.5f);
      }
    }
    for (Parameter moment : network.moments().all()) {
      for (int i = moment.offset(); i < moment.offset() + moment.size(); i++) {
        boolean mean = moment.role() == Role.MOVING_MEAN;
        weights.moments()[i] = mean ? 0.1f * (rng.nextFloat() - 0.5f) : 0.5f + rng.nextFloat();
      }
    }
    return weights;
  }

  /** How far apart the scores of two classes are, at most. */
  private static double span(Model model) {
    double divisor = 1e5;
    try (Backend backend = TestBackends.best();
        Predictor predictor = model.withTemperature((float) divisor).open(backend)) {
      double[] both = predictor.probabilities(pixels(model, 2), 2);
      int classes = CLASSES.size();
      return IntStream.range(0, both.length)
          .mapToDouble(i -> divisor * Math.abs(Math.log(both[i] / both[i / classes * classes])))
          .max()
          .orElseThrow();
    }
  }

  /** Noise around a shade of its own for each image. */
  static byte[] pixels(Model model, int rows) {
    int bytes = model.network().input().size();
    byte[] pixels = new byte[rows * bytes];
    Rng rng = Rng.of(5, 0);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (rng.nextInt(64) + 48 * (i / bytes % 4));
    }
    return pixels;
  }
}
