package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Weights;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A stream small enough for the reference backend: images of 8x8 pixels with one colour and one
 * texture per class, in sessions of different brightness, and a network with every kind of
 * parameter that strategies tell apart.
 */
public final class TinyStream {
  public static final int CLASSES = 6;
  public static final int SIDE = 8;
  private static final int PIXELS = 3 * SIDE * SIDE;

  private TinyStream() {}

  public static Backend backend() {
    return Backends.create("reference", new BackendOptions(1));
  }

  public static Network network(int classes) {
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

  public static StrategyContext context(Backend backend, Network network) {
    return new StrategyContext(
        backend, network, Preprocessing.centred(3), Weights.initial(network, 7), 11);
  }

  /** {@code perClass} images of each class, class after class. */
  public static ImageSet images(int classes, int perClass, long seed) {
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
  public static List<Experience> experiences(ImageSet set, int size, int[]... classes) {
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
      stream.add(new Experience(stream.size(), set.subset(images)));
    }
    return stream;
  }

  public static int[] all(ImageSet set) {
    return IntStream.range(0, set.size()).toArray();
  }

  public static double accuracy(Strategy strategy, ImageSet set) {
    int[] indices = all(set);
    int[] predicted = strategy.predict(set, indices);
    return IntStream.range(0, indices.length)
            .filter(i -> predicted[i] == set.label(indices[i]))
            .count()
        / (double) indices.length;
  }

  /** Settings at which the tiny network learns within a second. */
  public static final Map<String, String> QUICK =
      Map.ofEntries(
          Map.entry("mini-batch", "16"),
          Map.entry("inference-batch", "16"),
          Map.entry("first.learning-rate", "0.05"),
          Map.entry("first.epochs", "3"),
          Map.entry("first.averaging", "0.8"),
          Map.entry("later.learning-rate", "0.01"),
          Map.entry("later.head-multiplier", "1"),
          Map.entry("later.epochs", "2"),
          Map.entry("later.averaging", "0.99"),
          Map.entry("cumulative.last-epochs", "5"),
          Map.entry("cumulative.max-epochs", "4"),
          Map.entry("joint.max-epochs", "2"),
          Map.entry("joint.at", "all"),
          Map.entry("body.epochs", "2"),
          Map.entry("replay.memory", "24"));

  /** A strategy with those of the {@link #QUICK} settings that it has, and some changed. */
  public static ConfiguredStrategy<?> quick(String strategy, int horizon, String... changes) {
    return quick(Strategies.provider(strategy), horizon, changes);
  }

  /** The same of a provider. */
  public static <S extends Record> ConfiguredStrategy<S> quick(
      StrategyProvider<S> provider, int horizon, String... changes) {
    ConfiguredStrategy<S> published = ConfiguredStrategy.of(provider, horizon);
    Map<String, String> settings = new LinkedHashMap<>();
    QUICK.forEach(
        (name, value) -> {
          if (published.schema().has(name)) {
            settings.put(name, value);
          }
        });
    for (int i = 0; i < changes.length; i += 2) {
      settings.put(changes[i], changes[i + 1]);
    }
    return published.with(settings);
  }
}
