package dev.accrete.bench;

import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.bench.work.Workload;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.TrainingSpec;
import java.util.ArrayList;
import java.util.Arrays;
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

/**
 * The fused update of all weights of a MobileNetV1, in place: momentum, weight decay, penalty and
 * path integral in one pass. Bound by memory: it reads 4 floats per weight (5 or 6 with a penalty)
 * and writes 3.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UpdateBenchmark {
  /** Width multiplier. */
  @Param("1.0")
  public double width;

  /** How importance acts. */
  @Param public SgdSynaptic.Penalty penalty;

  /** Worker threads. */
  @Param({"2", "1"})
  public int threads;

  /** What executes. */
  @Param(Backends.AUTO)
  public String backend;

  @SuppressWarnings("NullAway.Init") // JMH calls start() before anything else.
  private Session session;

  /** Compiles the update, and checks that one moves the weights as it should. */
  @Setup(Level.Trial)
  public void start() {
    session = new Session(this);
    session.check();
  }

  /** One update. */
  @Benchmark
  public void update() {
    session.plan.run();
  }

  /** Frees the plan. */
  @TearDown(Level.Trial)
  public void stop() {
    session.close();
  }

  private static final class Session implements AutoCloseable {
    private static final float WEIGHT = 0.5f;
    private static final float GRADIENT = 0.25f;

    private final Backend executor;
    private final Variable weights;
    private final Store store;
    private final Plan plan;
    private final int size;

    Session(UpdateBenchmark parameters) {
      executor = Backends.create(parameters.backend, new BackendOptions(parameters.threads));
      size = MobileNetV1.of(parameters.width, Workload.CLASSES, 128).parameters().size();
      List<Variable> flat = new ArrayList<>();
      for (String name : operands(parameters.penalty)) {
        flat.add(new Variable(name, TensorType.f32(size)));
      }
      weights = flat.get(0);
      store = executor.allocate(flat);
      Value.Input rate = new Value.Input("learningRate", TensorType.f32(Shape.SCALAR));
      plan = executor.compile(graph(flat, rate, op(parameters.penalty, size)), store);
      plan.write(rate, TrainingWorkload.LEARNING_RATE);
      store.write(weights, filled(WEIGHT));
      store.write(flat.get(1), filled(GRADIENT));
    }

    private static List<String> operands(SgdSynaptic.Penalty penalty) {
      List<String> names =
          List.of("weights", "gradients", "momentum", "trajectory", "F", "anchors");
      return switch (penalty) {
        case NONE -> names.subList(0, 4);
        case GRADIENT_SCALE -> names.subList(0, 5);
        case QUADRATIC -> names;
      };
    }

    private static SgdSynaptic op(SgdSynaptic.Penalty penalty, int size) {
      return new SgdSynaptic(
          List.of(new SgdSynaptic.Segment(0, size, 1, TrainingWorkload.WEIGHT_DECAY, true)),
          TrainingWorkload.MOMENTUM,
          false,
          penalty,
          TrainingSpec.IMPORTANCE_MAX,
          1,
          SgdSynaptic.Trajectory.SOLVER_UPDATE);
    }

    private static Graph graph(List<Variable> flat, Value.Input rate, SgdSynaptic op) {
      List<Value> operands = new ArrayList<>();
      operands.add(rate);
      flat.forEach(variable -> operands.add(variable.view()));
      Graph.Builder graph = Graph.builder();
      graph.apply(
          op,
          operands,
          List.of(
              new Graph.Destination(0, flat.get(0).view()),
              new Graph.Destination(1, flat.get(2).view()),
              new Graph.Destination(2, flat.get(3).view())));
      return graph.build();
    }

    private float[] filled(float value) {
      float[] values = new float[size];
      Arrays.fill(values, value);
      return values;
    }

    /** With no momentum and no importance yet, every kind of penalty takes the plain step. */
    void check() {
      plan.run();
      float expected =
          WEIGHT
              - TrainingWorkload.LEARNING_RATE
                  * (GRADIENT + TrainingWorkload.WEIGHT_DECAY * WEIGHT);
      for (float actual : store.read(weights)) {
        if (!(Math.abs(actual - expected) < 1e-6f)) {
          throw new IllegalStateException("an updated weight is " + actual + ", not " + expected);
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
