package dev.accrete.kernels.spec;

import dev.accrete.core.Backend;
import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.Fill;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One case compiled on one backend in one form. */
public final class SpecProgram implements AutoCloseable {
  /** Where operands come from and where results go. */
  public enum Form {
    /** Operands are inputs of the plan, results its outputs. */
    INPUTS,
    /** Operands are results of other ops, in whatever layout the backend gives those. */
    TEMPORARIES,
    /** Operands and results are views of variables, unaligned and guarded. */
    VARIABLES,
    /** The same, but every result that may overwrite an operand does. */
    IN_PLACE
  }

  private final OpSpec.Case spec;
  private final Form form;
  private final Map<Integer, Value.Input> inputs = new TreeMap<>();
  private final Map<Integer, Guarded> operands = new TreeMap<>();
  private final Map<Integer, Guarded> results = new TreeMap<>();
  private final Store store;
  private final Plan plan;

  private SpecProgram(OpSpec.Case spec, Form form, Backend backend) {
    this.spec = spec;
    this.form = form;
    Graph graph = graph();
    store = backend.allocate(graph.variables());
    plan = backend.compile(graph, store);
  }

  /** Whether a case has this form: only some ops may overwrite an operand. */
  public static boolean exists(OpSpec.Case spec, Form form) {
    if (form != Form.IN_PLACE) {
      return true;
    }
    for (int i = 0; i < spec.resultTypes().size(); i++) {
      if (overwrites(spec, i)) {
        return true;
      }
    }
    return false;
  }

  /** A graph lets a result overwrite an operand of its own shape only. */
  private static boolean overwrites(OpSpec.Case spec, int result) {
    int operand = spec.op().inPlaceInput(result);
    return operand >= 0 && spec.inputTypes().get(operand).equals(spec.resultTypes().get(result));
  }

  /** Whether a backend executes every op that this form of the case is made of. */
  public static boolean supported(OpSpec.Case spec, Form form, Backend backend) {
    if (!backend.supports(spec.op(), spec.inputTypes())) {
      return false;
    }
    if (form != Form.TEMPORARIES) {
      return true;
    }
    return spec.inputTypes().stream()
        .filter(type -> type.dtype() == DType.F32)
        .allMatch(
            type ->
                backend.supports(new Add(), List.of(type, type))
                    && backend.supports(new Fill(0, type.shape()), List.of()));
  }

  /** Compiles a case. */
  public static SpecProgram compile(OpSpec.Case spec, Form form, Backend backend) {
    return new SpecProgram(spec, form, backend);
  }

  private Graph graph() {
    Graph.Builder graph = Graph.builder();
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < spec.operands().size(); i++) {
      values.add(operand(graph, i));
    }
    List<Graph.Destination> destinations = new ArrayList<>();
    List<TensorType> types = spec.resultTypes();
    if (bound()) {
      for (int i = 0; i < types.size(); i++) {
        Guarded guarded = destination(i, types.get(i));
        results.put(i, guarded);
        destinations.add(new Graph.Destination(i, guarded.view()));
      }
    }
    List<Value> computed = graph.apply(spec.op(), values, destinations);
    for (int i = 0; i < computed.size(); i++) {
      graph.output(output(i), computed.get(i));
    }
    return graph.build();
  }

  private Value operand(Graph.Builder graph, int index) {
    TensorType type = spec.operands().get(index).type();
    String name = index + " " + spec.operands().get(index).name();
    if (bound()) {
      Guarded guarded = new Guarded("operand " + name, type);
      operands.put(index, guarded);
      return guarded.view();
    }
    Value.Input input = graph.input(name, type);
    inputs.put(index, input);
    if (type.dtype() == DType.F32 && form == Form.TEMPORARIES) {
      return graph.one(new Add(), input, graph.one(new Fill(0, type.shape())));
    }
    return input;
  }

  private Guarded destination(int result, TensorType type) {
    Guarded operand = operands.get(spec.op().inPlaceInput(result));
    boolean inPlace = form == Form.IN_PLACE && overwrites(spec, result);
    return inPlace && operand != null ? operand : new Guarded("result " + result, type);
  }

  private boolean bound() {
    return form == Form.VARIABLES || form == Form.IN_PLACE;
  }

  private static String output(int result) {
    return "result " + result;
  }

  /** The plan, for those who time it. */
  public Plan plan() {
    return plan;
  }

  /** Fills the operands and poisons the variables of the results. */
  public void load(List<HostTensor> values) {
    results.values().forEach(guarded -> guarded.poison(store));
    inputs.forEach((index, input) -> values.get(index).write(plan, input));
    operands.forEach((index, guarded) -> guarded.write(store, values.get(index)));
  }

  /** Executes the op once. */
  public void run() {
    plan.run();
  }

  /** The results of the last run, in canonical order. */
  public List<HostTensor> results() {
    List<HostTensor> values = new ArrayList<>();
    List<TensorType> types = spec.resultTypes();
    for (int i = 0; i < types.size(); i++) {
      Guarded guarded = results.get(i);
      values.add(guarded != null ? guarded.read(store) : read(output(i), types.get(i)));
    }
    return values;
  }

  private HostTensor read(String output, TensorType type) {
    HostTensor read = Guarded.poison(type);
    switch (type.dtype()) {
      case F32 -> plan.read(output, read.floats());
      case F64 -> plan.read(output, read.doubles());
      case I32 -> plan.read(output, read.ints());
      case U8 -> plan.read(output, read.bytes());
    }
    return read;
  }

  /**
   * Checks that a run wrote nothing but its results.
   *
   * @param loaded the operands it was loaded with
   * @throws SpecFailure if a sentinel or an operand has changed
   */
  public void checkGuards(List<HostTensor> loaded) {
    for (Guarded guarded : results.values()) {
      guarded.damage(store).ifPresent(this::fail);
    }
    operands.forEach(
        (index, guarded) -> {
          guarded.damage(store).ifPresent(this::fail);
          boolean overwritten = results.containsValue(guarded);
          if (!overwritten && !guarded.read(store).sameBits(loaded.get(index))) {
            fail("operand " + spec.operands().get(index).name() + " has changed");
          }
        });
  }

  private void fail(String what) {
    throw new SpecFailure(spec + " as " + form + ": " + what);
  }

  @Override
  public void close() {
    plan.close();
    store.close();
  }
}
