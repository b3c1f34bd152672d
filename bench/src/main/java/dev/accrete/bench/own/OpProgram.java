package dev.accrete.bench.own;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.Value;
import dev.accrete.kernels.spec.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some ops, run again and again on the same operands. Operands are inputs of the plan, which lie in
 * the layout that the ops read, as they would inside a network; a weight is packed in every run, as
 * a step that changes it has to.
 */
public final class OpProgram implements AutoCloseable {
  /** The ops. */
  @FunctionalInterface
  public interface Body {
    /** Appends them; returns their results. */
    List<Value> build(Graph.Builder graph, List<Value> operands);
  }

  private final int results;
  private final Store store;
  private final Plan plan;

  /**
   * Compiles the ops and loads their operands.
   *
   * @param backend stays open
   */
  public OpProgram(List<HostTensor> operands, Body body, Backend backend) {
    Graph.Builder builder = Graph.builder();
    List<Value.Input> inputs = new ArrayList<>();
    for (HostTensor operand : operands) {
      inputs.add(builder.input("operand " + inputs.size(), operand.type()));
    }
    List<Value> computed = body.build(builder, List.copyOf(inputs));
    results = computed.size();
    for (int i = 0; i < results; i++) {
      builder.output(output(i), computed.get(i));
    }
    Graph graph = builder.build();
    store = backend.allocate(graph.variables());
    plan = backend.compile(graph, store);
    for (int i = 0; i < operands.size(); i++) {
      if (graph.inputs().contains(inputs.get(i))) {
        operands.get(i).write(plan, inputs.get(i));
      }
    }
  }

  private static String output(int result) {
    return "result " + result;
  }

  /** Runs the ops once. */
  public void run() {
    plan.run();
  }

  /** Multiply-accumulates of a run. */
  public long macs() {
    return plan.graph().macs();
  }

  /** Bytes held. */
  public long bytes() {
    return store.bytes() + plan.bytes();
  }

  /** The results of the last run, in canonical order. */
  public List<float[]> results() {
    List<float[]> values = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      values.add(plan.read(output(i)));
    }
    return values;
  }

  /**
   * Speed at the wrong result is worthless.
   *
   * @throws IllegalStateException if a result of the last run is not finite, or the next run gives
   *     another one
   */
  public void check() {
    List<float[]> first = results();
    plan.run();
    List<float[]> second = results();
    for (int i = 0; i < results; i++) {
      for (float value : first.get(i)) {
        if (!Float.isFinite(value)) {
          throw new IllegalStateException("result " + i + " holds " + value);
        }
      }
      if (!Arrays.equals(first.get(i), second.get(i))) {
        throw new IllegalStateException("result " + i + " differs between runs");
      }
    }
  }

  @Override
  public void close() {
    plan.close();
    store.close();
  }
}
