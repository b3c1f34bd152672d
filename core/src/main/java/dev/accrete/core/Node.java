package dev.accrete.core;

import dev.accrete.core.op.Op;
import java.util.List;

/**
 * An op with its operands and the places of its results: temporaries, or views of variables, which
 * the op then overwrites.
 */
public record Node(Op op, List<Value> inputs, List<Value> outputs) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The types of the inputs. */
  public List<TensorType> inputTypes() {
    return inputs.stream().map(Value::type).toList();
  }

  /** Multiply-accumulates of one execution. */
  public long macs() {
    return op.macs(inputTypes());
  }
}
