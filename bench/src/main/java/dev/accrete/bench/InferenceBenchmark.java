package dev.accrete.bench;

import dev.accrete.bench.own.InferenceEngine;
import dev.accrete.bench.work.InferenceWorkload;
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

/** MobileNetV1 from image bytes to logits. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class InferenceBenchmark {
  /** Width multiplier. */
  @Param("1.0")
  public double width;

  /** Height and width of the images in pixels. */
  @Param("128")
  public int resolution;

  /** Images per run. */
  @Param({"128", "32", "1"})
  public int miniBatch;

  /** Worker threads. */
  @Param({"2", "1"})
  public int threads;

  /** What executes. */
  @Param(Backends.AUTO)
  public String backend;

  @SuppressWarnings("NullAway.Init") // JMH calls start() before anything else.
  private InferenceEngine engine;

  /** Compiles the forward pass, and checks its logits once. */
  @Setup(Level.Trial)
  public void start() {
    engine =
        InferenceEngine.create(
            new InferenceWorkload(width, resolution, miniBatch, threads, backend));
    engine.run();
    engine.verify();
  }

  /** One mini-batch; returns its logits. */
  @Benchmark
  public float[] infer() {
    engine.run();
    return engine.logits();
  }

  /** Frees the network. */
  @TearDown(Level.Trial)
  public void stop() {
    engine.close();
  }
}
