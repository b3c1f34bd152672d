package dev.accrete.bench;

import dev.accrete.bench.own.OpProgram;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.kernels.spec.OpSpec;
import java.util.List;
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

/** Every op at the shapes of its spec; see {@link OpProgram} for where its operands lie. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OpBenchmark {
  /** The parameter that {@link JmhCommand} sets to all cases there are. */
  static final String CASE = "operation";

  /** See {@link OpCases#names()}. */
  @Param("Relu:32x64x64x64")
  public String operation;

  /** Worker threads. */
  @Param("2")
  public int threads;

  /** What executes. */
  @Param(Backends.AUTO)
  public String backend;

  @SuppressWarnings("NullAway.Init") // JMH calls start() before anything else.
  private Backend executor;

  @SuppressWarnings("NullAway.Init") // Likewise.
  private OpProgram program;

  /** Compiles the op, and checks its results once. */
  @Setup(Level.Trial)
  public void start() {
    OpSpec.Case one = OpCases.get(operation);
    executor = Backends.create(backend, new BackendOptions(threads));
    program =
        new OpProgram(
            one.generate(1),
            (graph, operands) -> graph.apply(one.op(), operands, List.of()),
            executor);
    program.run();
    program.check();
  }

  /** The op. */
  @Benchmark
  public void run() {
    program.run();
  }

  /** Frees the plans. */
  @TearDown(Level.Trial)
  public void stop() {
    program.close();
    executor.close();
  }
}
