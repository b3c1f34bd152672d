package dev.accrete.bench.step;

import dev.accrete.bench.work.Timing;
import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.core.Backends;
import picocli.CommandLine.Option;

/** The options of all commands that time training steps. */
public final class StepOptions {
  private static final int WARM_UP_STEPS = 3;

  @Option(names = "--threads", description = "worker threads")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--backend", description = "what executes our steps")
  private String backend = Backends.AUTO;

  @Option(names = "--steps", description = "timed steps per process")
  private int steps = 8;

  @Option(names = "--warm-up", description = "least seconds before the first timed step")
  private double warmUp = 6;

  /** The training of MobileNetV1 that these options ask for. */
  public TrainingWorkload workload(double width, int size, int miniBatch) {
    return new TrainingWorkload(width, size, miniBatch, threads, backend);
  }

  /** How long they ask a process to measure. */
  public Timing timing() {
    return new Timing(WARM_UP_STEPS, warmUp, steps);
  }

  /** Worker threads. */
  public int threads() {
    return threads;
  }
}
