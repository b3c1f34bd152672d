package dev.accrete.bench;

import dev.accrete.bench.step.OwnEngine;
import dev.accrete.bench.step.StepWorkload;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Inference;
import dev.accrete.nn.Learner;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
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
  private Session session;

  /** Compiles the forward pass, and checks its logits once. */
  @Setup(Level.Trial)
  public void start() {
    session = new Session(this);
    float[] logits = session.run();
    boolean varied = false;
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new IllegalStateException("a logit is " + logit);
      }
      varied |= logit != logits[0];
    }
    if (!varied) {
      throw new IllegalStateException("all logits are " + logits[0]);
    }
  }

  /** One mini-batch; returns its logits. */
  @Benchmark
  public float[] infer() {
    return session.run();
  }

  /** Frees the network. */
  @TearDown(Level.Trial)
  public void stop() {
    session.close();
  }

  private static final class Session implements AutoCloseable {
    private final Backend executor;
    private final Learner learner;
    private final Inference inference;
    private final byte[] images;
    private final float[] logits;

    Session(InferenceBenchmark parameters) {
      executor = Backends.create(parameters.backend, new BackendOptions(parameters.threads));
      Network network =
          MobileNetV1.of(parameters.width, StepWorkload.CLASSES, parameters.resolution);
      learner = OwnEngine.learner(executor, network);
      inference = learner.compileInference(parameters.miniBatch);
      images = OwnEngine.images(network, parameters.miniBatch);
      logits = new float[parameters.miniBatch * network.classes()];
    }

    float[] run() {
      inference.run(images, inference.miniBatch(), logits);
      return logits;
    }

    @Override
    public void close() {
      learner.close();
      executor.close();
    }
  }
}
