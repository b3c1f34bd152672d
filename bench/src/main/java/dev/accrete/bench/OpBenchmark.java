package dev.accrete.bench;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.Fill;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Every op at the shapes of its spec.
 *
 * <p>One invocation runs the op {@value #REPEATS} times on operands that earlier ops of the plan
 * left in the backend's own layout, as it would find them inside a network. The time per op so
 * contains 1/{@value #REPEATS} of what it takes to make each operand: an addition.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OpBenchmark {
  /** The parameter that {@link JmhCommand} sets to all cases there are. */
  static final String CASE = "operation";

  private static final int REPEATS = 8;

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
  private Program program;

  /** Compiles the op, and checks its results once. */
  @Setup(Level.Trial)
  public void start() {
    program = new Program(OpCases.get(operation), backend, threads);
    program.check();
  }

  /** The op, {@value #REPEATS} times. */
  @Benchmark
  @OperationsPerInvocation(REPEATS)
  public void run() {
    program.plan.run();
  }

  /** Frees the plan. */
  @TearDown(Level.Trial)
  public void stop() {
    program.close();
  }

  /** The op compiled, its operands loaded. */
  private static final class Program implements AutoCloseable {
    private final OpSpec.Case spec;
    private final Backend executor;
    private final Store store;
    private final Plan plan;
    private final Map<Value.Input, HostTensor> inputs = new LinkedHashMap<>();

    Program(OpSpec.Case spec, String backend, int threads) {
      this.spec = spec;
      executor = Backends.create(backend, new BackendOptions(threads));
      Graph graph = graph();
      store = executor.allocate(graph.variables());
      plan = executor.compile(graph, store);
      inputs.forEach((input, values) -> values.write(plan, input));
    }

    private Graph graph() {
      Graph.Builder graph = Graph.builder();
      List<HostTensor> values = spec.generate(1);
      List<Value> operands = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        TensorType type = values.get(i).type();
        Value.Input input = graph.input("operand " + i, type);
        inputs.put(input, values.get(i));
        operands.add(
            type.dtype() == DType.F32
                ? graph.one(new Add(), input, graph.one(new Fill(0, type.shape())))
                : input);
      }
      for (int repeat = 0; repeat < REPEATS; repeat++) {
        List<Value> results = graph.apply(spec.op(), operands, List.of());
        // A backend may leave out, or fuse into others, what nobody reads.
        for (int i = 0; i < results.size(); i++) {
          graph.output(output(repeat, i), results.get(i));
        }
      }
      return graph.build();
    }

    private static String output(int repeat, int result) {
      return "result " + result + " of repeat " + repeat;
    }

    /** Speed at the wrong result is worthless; parity proper is the tests' business. */
    private void check() {
      plan.run();
      for (int i = 0; i < spec.resultTypes().size(); i++) {
        float[] first = plan.read(output(0, i));
        for (float value : first) {
          if (!Float.isFinite(value)) {
            throw new IllegalStateException(spec + ": result " + i + " holds " + value);
          }
        }
        if (!Arrays.equals(first, plan.read(output(REPEATS - 1, i)))) {
          throw new IllegalStateException(spec + ": result " + i + " differs between repeats");
        }
      }
    }

    @Override
    public void close() {
      plan.close();
      store.close();
      executor.close();
    }
  }
}
