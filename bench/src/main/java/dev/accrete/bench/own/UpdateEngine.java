package dev.accrete.bench.own;

import dev.accrete.bench.work.Engine;
import dev.accrete.bench.work.UpdateWorkload;
import dev.accrete.bench.work.Workload;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.cl.strategy.StateWriter;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.cl.strategy.Strategy;
import dev.accrete.cl.strategy.StrategyContext;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A strategy of ours at the second, third, ... experience of a stream: random images of one class.
 * The first, of ten other classes and of one epoch, fills the memory of latents, if there is one.
 */
final class UpdateEngine implements Engine {
  private static final int EXPERIENCES = 391;
  private static final int FIRST_CLASSES = 10;

  private final Backend backend;
  private final Strategy strategy;
  private final ImageSet images;
  private final int first;
  private final float[] start;
  private int next;
  private long macs;
  private long bytes;

  private UpdateEngine(UpdateWorkload workload, Backend backend) {
    this.backend = backend;
    Network network = MobileNetV1.of(workload.width(), Workload.CLASSES, workload.size());
    StrategyContext context =
        new StrategyContext(
            backend,
            network,
            Preprocessing.imageNet(),
            Weights.initial(network, Workload.SEED),
            Workload.SEED);
    strategy =
        Strategies.configure(List.of(workload.strategy()), EXPERIENCES, settings(workload))
            .getFirst()
            .create(context);
    first = Math.max(UpdateWorkload.MINI_BATCH, workload.latents());
    images = images(first, workload.images(), workload.size());
    learn(IntStream.range(0, first));
    start = weights();
  }

  static UpdateEngine create(UpdateWorkload workload) {
    return new UpdateEngine(
        workload, Backends.create(workload.backend(), new BackendOptions(workload.threads())));
  }

  private static Map<String, String> settings(UpdateWorkload workload) {
    Map<String, String> settings = new HashMap<>();
    settings.put("mini-batch", Integer.toString(UpdateWorkload.MINI_BATCH));
    settings.put("first.epochs", "1");
    settings.put("later.epochs", Integer.toString(UpdateWorkload.EPOCHS));
    if (workload.latents() > 0) {
      settings.put("replay.memory", Integer.toString(workload.latents()));
    }
    return settings;
  }

  private static ImageSet images(int first, int later, int size) {
    byte[] pixels = new byte[3 * size * size * (first + later)];
    new SplittableRandom(Workload.SEED).nextBytes(pixels);
    int[] labels =
        IntStream.range(0, first + later)
            .map(i -> i < first ? i % FIRST_CLASSES : FIRST_CLASSES)
            .toArray();
    List<String> names = IntStream.range(0, Workload.CLASSES).mapToObj(i -> "class " + i).toList();
    return new InMemoryImageSet("random", size, size, names, labels, pixels);
  }

  private void learn(IntStream indices) {
    Experience experience = new Experience(next++, images.subset(indices.toArray()));
    Cost cost = strategy.learn(experience, ProgressListener.NONE);
    macs = cost.macs();
    bytes = cost.peakBytes();
  }

  private float[] weights() {
    List<float[]> found = new ArrayList<>();
    strategy.save(
        new StateWriter() {
          @Override
          public void put(String name, float[] values) {
            if (name.equals("weights")) {
              found.add(values.clone());
            }
          }

          @Override
          public void put(String name, long[] values) {}

          @Override
          public void put(String name, byte[] values) {}
        });
    return found.getFirst();
  }

  @Override
  public String name() {
    return "accrete " + strategy.name() + ", backend " + backend.name();
  }

  @Override
  public long macs() {
    return macs;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /** A loss that is no number would have ended it. */
  @Override
  public double run() {
    learn(IntStream.range(first, images.size()));
    return 0;
  }

  /** The update moved the weights, and left them numbers. */
  @Override
  public void verify() {
    float[] now = weights();
    for (float weight : now) {
      if (!Float.isFinite(weight)) {
        throw new AccreteException(name() + " left a weight of " + weight);
      }
    }
    if (Arrays.equals(now, start)) {
      throw new AccreteException(name() + " left all weights as they were");
    }
  }

  @Override
  public void close() {
    strategy.close();
    images.close();
    backend.close();
  }
}
