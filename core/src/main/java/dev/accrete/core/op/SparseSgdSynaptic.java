package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * {@link SgdSynaptic} where only chosen weights have importance; the others are free. One pass over
 * the flat parameters, too.
 *
 * <p>Inputs: learningRate (scalar), weights, gradients, momentum, trajectory (all [P]), then bits
 * and before as {@link Selection} describes them, cumulative c [K] and, if the penalty is {@code
 * QUADRATIC}, anchors a [K]; these two are packed, and at most K weights are chosen. Results: the
 * new weights, momentum and trajectory.
 *
 * <p>A chosen weight has the importance {@code F = clamp(-c, 0, importanceMax)}, as {@link
 * SynapticImportance} has it: one packed number serves as importance and as the sum that importance
 * grows from. With every weight chosen the results are those of the dense op, bit for bit.
 *
 * @param dense everything else; its penalty is not {@code NONE}
 */
public record SparseSgdSynaptic(SgdSynaptic dense) implements Op {
  private static final int SELECTION = 5;

  public SparseSgdSynaptic {
    Operands.require(
        dense.penalty() != SgdSynaptic.Penalty.NONE,
        "SparseSgdSynaptic: without a penalty there is no importance to select; use SgdSynaptic");
  }

  private boolean anchored() {
    return dense.penalty() == SgdSynaptic.Penalty.QUADRATIC;
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    int packed = SELECTION + 2;
    Operands.count(this, inputs, packed + (anchored() ? 2 : 1));
    List<TensorType> results = unpenalized().infer(inputs.subList(0, SELECTION));
    PackSelected.selection(this, inputs, SELECTION, inputs.get(1).shape().size());
    Shape cumulative = Operands.ranked(this, inputs, packed, "cumulative", 1);
    if (anchored()) {
      Operands.shape(this, inputs, packed + 1, "anchors", cumulative);
    }
    return results;
  }

  /** The same step without importance: what both forms have in common. */
  private SgdSynaptic unpenalized() {
    return new SgdSynaptic(
        dense.segments(),
        dense.momentum(),
        dense.nesterov(),
        SgdSynaptic.Penalty.NONE,
        dense.importanceMax(),
        dense.strength(),
        dense.trajectory());
  }

  @Override
  public int inPlaceInput(int output) {
    return dense.inPlaceInput(output);
  }
}
