package dev.accrete.nn;

import dev.accrete.core.Parameters;
import dev.accrete.core.TensorType;
import dev.accrete.core.Variable;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The variables of sparse importance, which stand in the place of the dense importance, cumulative
 * path and anchors.
 *
 * @param bits which weights have importance, see {@link Selection}
 * @param before how many have it before each block
 * @param cumulative their cumulative paths, packed; the importance is the clamped part
 * @param anchors their anchors, packed, if the penalty has any
 */
public record SparseVariables(
    Variable bits, Variable before, Variable cumulative, Optional<Variable> anchors) {

  static SparseVariables of(SparseImportance importance, Parameters parameters) {
    int chosen =
        importance.groups(parameters).stream().mapToInt(SelectParameters.Group::count).sum();
    TensorType packed = TensorType.f32(chosen);
    int size = parameters.size();
    return new SparseVariables(
        new Variable("importantBits", TensorType.i32(Selection.words(size))),
        new Variable("importantBefore", TensorType.i32(Selection.blocks(size))),
        new Variable("importantCumulative", packed),
        importance.anchored()
            ? Optional.of(new Variable("importantAnchors", packed))
            : Optional.empty());
  }

  /** How many weights have importance. */
  public int count() {
    return cumulative.type().shape().size();
  }

  /** All variables. */
  public List<Variable> all() {
    List<Variable> all = new ArrayList<>(List.of(bits, before));
    all.addAll(packed());
    return all;
  }

  /** The packed numbers of the weights that have importance. */
  public List<Variable> packed() {
    List<Variable> packed = new ArrayList<>(List.of(cumulative));
    anchors.ifPresent(packed::add);
    return packed;
  }
}
