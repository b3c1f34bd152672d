package dev.accrete.kernels;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.spec.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The backends that run here, and a short way to run one op on one of them. */
public final class TestBackends {
  /** Two threads cut work into parts; the values must not depend on it. */
  private static final BackendOptions OPTIONS = new BackendOptions(2);

  private TestBackends() {}

  /** New backends; the caller closes them. */
  public static Stream<Named<Backend>> available() {
    EmulatedCuda.install();
    return Backends.providers().stream()
        .filter(provider -> provider.probe().available())
        .map(provider -> Named.of(provider.name(), provider.create(OPTIONS)));
  }

  /** Runs one op; the test is skipped if the backend does not support it. */
  public static List<float[]> run(Backend backend, Op op, HostTensor... operands) {
    List<TensorType> types = Stream.of(operands).map(HostTensor::type).toList();
    assumeTrue(backend.supports(op, types), () -> backend.name() + " does not support " + op);
    Graph.Builder builder = Graph.builder();
    List<Value.Input> inputs = new ArrayList<>();
    for (int i = 0; i < operands.length; i++) {
      inputs.add(builder.input("operand " + i, types.get(i)));
    }
    List<Value> results = builder.apply(op, inputs.toArray(Value[]::new));
    for (int i = 0; i < results.size(); i++) {
      builder.output("result " + i, results.get(i));
    }
    Graph graph = builder.build();
    List<float[]> values = new ArrayList<>();
    try (Store store = backend.allocate(graph.variables());
        Plan plan = backend.compile(graph, store)) {
      for (int i = 0; i < operands.length; i++) {
        operands[i].write(plan, inputs.get(i));
      }
      plan.run();
      for (int i = 0; i < results.size(); i++) {
        values.add(plan.read("result " + i));
      }
    }
    return values;
  }

  /** An F32 tensor. */
  public static HostTensor floats(Shape shape, double... values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return HostTensor.of(TensorType.f32(shape), rounded);
  }

  /** An F32 scalar. */
  public static HostTensor scalar(double value) {
    return floats(Shape.SCALAR, value);
  }

  /** An F32 vector. */
  public static HostTensor vector(double... values) {
    return floats(Shape.of(values.length), values);
  }

  /** An I32 vector. */
  public static HostTensor ints(int... values) {
    return HostTensor.of(TensorType.i32(values.length), values);
  }
}
