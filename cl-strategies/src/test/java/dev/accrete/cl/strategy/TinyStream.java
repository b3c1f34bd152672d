package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.kernels.reference.ReferenceProvider;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A stream small enough for the reference backend: images of 8x8 pixels with one colour and one
 * texture per class, in sessions of different brightness, and a network with every kind of
 * parameter that strategies tell apart.
 */
final class TinyStream {
  static final int CLASSES = 6;
  static final int SIDE = 8;
  private static final int PIXELS = 3 * SIDE * SIDE;

  private TinyStream() {}

  static Backend backend() {
    return new ReferenceProvider().create(new BackendOptions(1));
  }

  static Network network(int classes) {
    return Network.of(
        "tiny",
        Shape.of(3, SIDE, SIDE),
        List.of(
            Sequence.normalized(Convolution.of("conv1", 8, 3, 1, 1)),
            Sequence.normalized(Convolution.depthwise("conv2/dw", 8, 2)),
            Sequence.normalized(Convolution.pointwise("conv2/sep", 16)),
            new GlobalAverage("pool")),
        "head",
        classes);
  }

  static StrategyContext context(Backend backend, Network network, int experiences) {
    return new StrategyContext(
        backend,
        network,
        Preprocessing.centred(3),
        network.initialWeights(7),
        network.initialMoments(),
        11,
        experiences);
  }

  /** {@code perClass} images of each class, class after class. */
  static ImageSet images(int classes, int perClass, long seed) {
    byte[] pixels = new byte[classes * perClass * PIXELS];
    int[] labels = new int[classes * perClass];
    Rng noise = Rng.of(seed, 1);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i / perClass;
      draw(labels[i], noise, pixels, i * PIXELS);
    }
    List<String> names = IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    return new InMemoryImageSet("tiny", SIDE, SIDE, names, labels, pixels);
  }

  private static void draw(int label, Rng noise, byte[] pixels, int from) {
    Rng look = Rng.of(3, label);
    double[] colour = {look.nextDouble(), look.nextDouble(), look.nextDouble()};
    double fx = 0.3 + 2.2 * look.nextDouble();
    double fy = 0.3 + 2.2 * look.nextDouble();
    double brightness = 20 * (noise.nextDouble() - 0.5);
    double phase = 6.3 * noise.nextDouble();
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          double wave = 50 * Math.sin(fx * x + fy * y + phase);
          double value = 60 + 130 * colour[c] + wave + brightness + 12 * noise.nextGaussian();
          pixels[from + (c * SIDE + y) * SIDE + x] = (byte) Math.clamp(Math.round(value), 0, 255);
        }
      }
    }
  }

  /**
   * Experiences of the given classes each; every one takes the next {@code size} images of a class.
   */
  static List<Experience> experiences(ImageSet set, int size, int[]... classes) {
    int perClass = set.size() / set.classNames().size();
    int[] taken = new int[set.classNames().size()];
    List<Experience> stream = new ArrayList<>();
    for (int[] present : classes) {
      int[] images =
          Arrays.stream(present)
              .flatMap(
                  c -> {
                    int from = c * perClass + taken[c];
                    taken[c] += size;
                    if (taken[c] > perClass) {
                      throw new IllegalArgumentException("class " + c + " has no images left");
                    }
                    return IntStream.range(from, from + size);
                  })
              .toArray();
      stream.add(Experience.of(stream.size(), images, set::label));
    }
    return stream;
  }

  static int[] all(ImageSet set) {
    return IntStream.range(0, set.size()).toArray();
  }

  static double accuracy(Strategy strategy, ImageSet set) {
    int[] indices = all(set);
    int[] predicted = strategy.predict(set, indices);
    return IntStream.range(0, indices.length)
            .filter(i -> predicted[i] == set.label(indices[i]))
            .count()
        / (double) indices.length;
  }

  /** Settings at which the tiny network learns within a second. */
  static Hyperparameters quick(String strategy, int experiences) {
    Hyperparameters published = Hyperparameters.defaults(strategy, experiences);
    return published.toBuilder()
        .miniBatch(16)
        .inferenceBatch(16)
        .first(published.first().withLearningRate(0.05f).withEpochs(3).withAveraging(0.8f))
        .later(
            published
                .later()
                .withLearningRate(0.01f)
                .withHeadMultiplier(1)
                .withEpochs(2)
                .withAveraging(0.99f))
        .retrain(new Retraining(5, 4, List.of()))
        .replay(ReplaySettings.PUBLISHED.withCapacity(24))
        .build();
  }
}
