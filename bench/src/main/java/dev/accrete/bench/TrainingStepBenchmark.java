package dev.accrete.bench;

import dev.accrete.bench.own.TrainingEngine;
import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.core.Backends;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole training step of MobileNetV1: image bytes, forward, loss, backward, update. The same work
 * as {@code accrete bench step}, which compares it with other engines.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 4)
@Fork(1)
public class TrainingStepBenchmark {
  private static final int CHECKED_STEPS = 5;

  /** Width multiplier. */
  @Param("1.0")
  public double width;

  /** Height and width of the images in pixels. */
  @Param("128")
  public int resolution;

  /** Images per step. */
  @Param({"128", "32"})
  public int miniBatch;

  /** Worker threads. */
  @Param({"2", "1"})
  public int threads;

  /** What executes. */
  @Param(Backends.AUTO)
  public String backend;

  @SuppressWarnings("NullAway.Init") // JMH calls start() before anything else.
  private TrainingEngine engine;

  /** Compiles the step, and checks that it learns the one mini-batch it will see. */
  @Setup(Level.Trial)
  public void start() {
    engine =
        TrainingEngine.create(new TrainingWorkload(width, resolution, miniBatch, threads, backend));
    double first = engine.run();
    double last = first;
    for (int i = 0; i < CHECKED_STEPS; i++) {
      last = engine.run();
    }
    if (!(last < first)) {
      throw new IllegalStateException(
          engine.name() + " did not learn: the loss went from " + first + " to " + last);
    }
  }

  /** One step; returns its loss. */
  @Benchmark
  public double step() {
    return engine.run();
  }

  /** Frees the network. */
  @TearDown(Level.Trial)
  public void stop() {
    engine.close();
  }
}
