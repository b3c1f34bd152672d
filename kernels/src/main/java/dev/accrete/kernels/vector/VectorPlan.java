package dev.accrete.kernels.vector;

import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Stores;
import dev.accrete.core.Value;
import dev.accrete.kernels.vector.lowering.Lowering;
import dev.accrete.kernels.vector.lowering.Program;
import dev.accrete.kernels.vector.lowering.Siblings;
import dev.accrete.kernels.vector.op.Copies;
import dev.accrete.kernels.vector.run.Clock;
import dev.accrete.kernels.vector.run.Instruction;
import dev.accrete.kernels.vector.run.Profile;
import dev.accrete.kernels.vector.run.WorkerPool;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.VectorStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A compiled graph: instructions over one arena. */
final class VectorPlan implements Plan {
  private final Graph graph;
  private final WorkerPool pool;
  private final Clock clock = new Clock();
  private final Map<Value.Input, Operand> inputs;
  private final Map<Value, Operand> outputs = new HashMap<>();
  Instruction[] instructions;
  private final long arena;
  private final long ownBytes;
  private boolean closed;

  VectorPlan(Graph graph, Stores<VectorStore> stores, WorkerPool pool) {
    this(graph, stores, pool, Siblings.none());
  }

  /** A plan of a slice of what {@code siblings} compute together. */
  VectorPlan(Graph graph, Stores<VectorStore> stores, WorkerPool pool, Siblings siblings) {
    this.graph = graph;
    this.pool = pool;
    Program program = new Program(stores, pool, clock);
    Lowering.lower(graph, pool, program, siblings);
    for (Value value : graph.outputs().values()) {
      outputs.put(value, program.somewhere(value));
    }
    graph.inputs().forEach(program::somewhere);
    arena = program.place(List.copyOf(outputs.values()));
    ownBytes = program.ownBytes();
    inputs = program.inputs();
    instructions = program.instructions.toArray(Instruction[]::new);
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public void write(Value.Input input, float[] values) {
    Operand operand = input(input, DType.F32, values.length);
    if (operand.layout == Layout.CANONICAL) {
      System.arraycopy(values, 0, operand.floats, operand.offset, values.length);
    } else {
      pool.run(
          operand.shape().dim(0),
          (image, scratch) ->
              Copies.block(values, 0, operand.shape(), operand.floats, operand.offset, image));
    }
  }

  @Override
  public void write(Value.Input input, double[] values) {
    Operand operand = input(input, DType.F64, values.length);
    System.arraycopy(values, 0, operand.doubles, operand.offset, values.length);
  }

  @Override
  public void write(Value.Input input, int[] values) {
    Operand operand = input(input, DType.I32, values.length);
    System.arraycopy(values, 0, operand.ints, operand.offset, values.length);
  }

  @Override
  public void write(Value.Input input, byte[] values) {
    Operand operand = input(input, DType.U8, values.length);
    System.arraycopy(values, 0, operand.bytes, operand.offset, values.length);
  }

  private Operand input(Value.Input input, DType dtype, int length) {
    if (closed) {
      throw new IllegalStateException("the plan is closed");
    }
    return checked(graph, inputs, input, dtype, length);
  }

  /** Where an input lies, if it has this type and length. */
  static Operand checked(
      Graph graph, Map<Value.Input, Operand> inputs, Value.Input input, DType dtype, int length) {
    Operand operand = inputs.get(input);
    if (operand == null) {
      throw new IllegalArgumentException(
          "the graph has no input " + input + "; it has " + graph.inputs());
    }
    if (input.type().dtype() != dtype || input.type().shape().size() != length) {
      throw new IllegalArgumentException(
          "input " + input.name() + " is " + input.type() + ", got " + length + " x " + dtype);
    }
    return operand;
  }

  /** Fills an input from element {@code from} on of a larger tensor in canonical order. */
  void load(Value.Input input, Operand whole, int from) {
    Operand operand = input(input, whole.type.dtype(), input.type().shape().size());
    int length = operand.shape().size();
    switch (operand.type.dtype()) {
      case F32 -> {
        if (operand.layout == Layout.CANONICAL) {
          System.arraycopy(whole.floats, from, operand.floats, operand.offset, length);
        } else {
          Copies.block(whole.floats, from, operand.shape(), operand.floats, operand.offset);
        }
      }
      case F64 -> System.arraycopy(whole.doubles, from, operand.doubles, operand.offset, length);
      case I32 -> System.arraycopy(whole.ints, from, operand.ints, operand.offset, length);
      case U8 -> System.arraycopy(whole.bytes, from, operand.bytes, operand.offset, length);
    }
  }

  /** Copies an F32 output into a larger tensor in canonical order, from element {@code to} on. */
  void store(String output, Operand whole, int to) {
    Value value = graph.outputs().get(output);
    Operand operand = value == null ? null : outputs.get(value);
    if (operand == null) {
      throw new IllegalStateException("no output " + output + ", or the plan is closed");
    }
    if (operand.layout == Layout.CANONICAL) {
      int length = operand.shape().size();
      System.arraycopy(operand.floats, operand.offset, whole.floats, to, length);
    } else {
      Copies.unblock(operand.floats, operand.offset, operand.shape(), whole.floats, to);
    }
  }

  @Override
  public void run() {
    if (closed) {
      throw new IllegalStateException("the plan is closed");
    }
    clock.runs++;
    if (Profile.ON) {
      Profile.run(instructions);
      return;
    }
    for (Instruction instruction : instructions) {
      instruction.run();
    }
  }

  @Override
  public void read(String output, float[] destination) {
    Operand operand = output(output, DType.F32, destination.length);
    if (operand.layout == Layout.CANONICAL) {
      System.arraycopy(operand.floats, operand.offset, destination, 0, destination.length);
    } else {
      Copies.unblock(operand.floats, operand.offset, operand.shape(), destination, 0);
    }
  }

  @Override
  public void read(String output, double[] destination) {
    Operand operand = output(output, DType.F64, destination.length);
    System.arraycopy(operand.doubles, operand.offset, destination, 0, destination.length);
  }

  @Override
  public void read(String output, int[] destination) {
    Operand operand = output(output, DType.I32, destination.length);
    System.arraycopy(operand.ints, operand.offset, destination, 0, destination.length);
  }

  @Override
  public void read(String output, byte[] destination) {
    Operand operand = output(output, DType.U8, destination.length);
    System.arraycopy(operand.bytes, operand.offset, destination, 0, destination.length);
  }

  private Operand output(String output, DType dtype, int length) {
    Operand operand = outputs.get(checkOutput(graph, output, dtype, length));
    if (operand == null) {
      throw new IllegalStateException("the plan is closed");
    }
    return operand;
  }

  /** The value of an output, if it has this type and length. */
  static Value checkOutput(Graph graph, String output, DType dtype, int length) {
    Value value = graph.outputs().get(output);
    if (value == null) {
      throw new IllegalArgumentException(
          "the graph has no output " + output + "; it has " + graph.outputs().keySet());
    }
    if (value.type().dtype() != dtype || value.type().shape().size() != length) {
      throw new IllegalArgumentException(
          "output " + output + " is " + value.type() + ", asked for " + length + " x " + dtype);
    }
    return value;
  }

  /**
   * The arena, what lies outside it, and the inputs. Not the scratch of the threads, which all
   * plans of a backend share and which depends on what ran before: the cost of a plan must be the
   * same after a resume.
   */
  @Override
  public long bytes() {
    return 4 * arena + ownBytes + inputs.values().stream().mapToLong(Operand::byteSize).sum();
  }

  @Override
  public void close() {
    if (!closed && Profile.ON) {
      Profile.print(graph, List.of(instructions), clock.runs);
    }
    closed = true;
    // A closed plan may be referred to for long; its memory should not be.
    instructions = new Instruction[0];
    outputs.clear();
    inputs.clear();
  }
}
