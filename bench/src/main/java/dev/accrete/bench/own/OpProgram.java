package dev.accrete.bench.own;

import dev.accrete.core.Backend;
import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.Fill;
import dev.accrete.kernels.spec.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Some ops, several times over, on operands that earlier ops of the plan left in the backend's own
 * layout, as they would find them inside a network: an addition makes each operand. What a backend
 * computes from an operand alone, such as its statistics, repeats may share.
 */
public final class OpProgram implements AutoCloseable {
  /** The ops. */
  @FunctionalInterface
  public interface Body {
    /** Appends them; returns their results. */
    List<Value> build(Graph.Builder graph, List<Value> operands);
  }

  private final int results;
  private final int repeats;
  private final Store store;
  private final Plan plan;
  private final Plan preparation;

  /**
   * Compiles the ops and loads their operands.
   *
   * @param repeats how many times the ops run in one {@link #run}
   * @param backend stays open
   */
  public OpProgram(List<HostTensor> operands, Body body, int repeats, Backend backend) {
    this.repeats = repeats;
    Map<Value.Input, HostTensor> inputs = new LinkedHashMap<>();
    Graph.Builder all = Graph.builder();
    List<Value> values = operands(all, operands, inputs);
    int count = 0;
    for (int repeat = 0; repeat < repeats; repeat++) {
      List<Value> computed = body.build(all, values);
      count = computed.size();
      // A backend may leave out, or fuse into others, what nobody reads.
      for (int i = 0; i < count; i++) {
        all.output(output(repeat, i), computed.get(i));
      }
    }
    results = count;
    Graph.Builder alone = Graph.builder();
    List<Value> prepared = operands(alone, operands, inputs);
    for (int i = 0; i < prepared.size(); i++) {
      alone.output("operand " + i, prepared.get(i));
    }
    Graph graph = all.build();
    store = backend.allocate(graph.variables());
    plan = backend.compile(graph, store);
    preparation = backend.compile(alone.build(), store);
    for (Plan each : List.of(plan, preparation)) {
      inputs.forEach(
          (input, tensor) -> {
            if (each.graph().inputs().contains(input)) {
              tensor.write(each, input);
            }
          });
    }
  }

  private static List<Value> operands(
      Graph.Builder graph, List<HostTensor> tensors, Map<Value.Input, HostTensor> inputs) {
    List<Value> operands = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      TensorType type = tensors.get(i).type();
      Value.Input input = graph.input("operand " + i, type);
      inputs.put(input, tensors.get(i));
      operands.add(
          type.dtype() == DType.F32
              ? graph.one(new Add(), input, graph.one(new Fill(0, type.shape())))
              : input);
    }
    return operands;
  }

  private static String output(int repeat, int result) {
    return "result " + result + " of repeat " + repeat;
  }

  /** Makes the operands, and then runs the ops as often as they repeat. */
  public void run() {
    plan.run();
  }

  /** Makes the operands alone. */
  public void prepare() {
    preparation.run();
  }

  /** Multiply-accumulates of the ops, once. */
  public long macs() {
    return plan.graph().macs() / repeats;
  }

  /** Bytes held. */
  public long bytes() {
    return store.bytes() + plan.bytes() + preparation.bytes();
  }

  /** The results of the last run, in canonical order. */
  public List<float[]> results() {
    List<float[]> values = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      values.add(plan.read(output(0, i)));
    }
    return values;
  }

  /**
   * Speed at the wrong result is worthless.
   *
   * @throws IllegalStateException if a result of the last run is not finite, or differs between
   *     repeats
   */
  public void check() {
    List<float[]> first = results();
    for (int i = 0; i < results; i++) {
      for (float value : first.get(i)) {
        if (!Float.isFinite(value)) {
          throw new IllegalStateException("result " + i + " holds " + value);
        }
      }
      if (!Arrays.equals(first.get(i), plan.read(output(repeats - 1, i)))) {
        throw new IllegalStateException("result " + i + " differs between repeats");
      }
    }
  }

  @Override
  public void close() {
    plan.close();
    preparation.close();
    store.close();
  }
}
