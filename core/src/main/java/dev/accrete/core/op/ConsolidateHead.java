package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Merges the trained rows of a classifier into the bank of consolidated rows (CWR+, Maltoni and
 * Lomonaco 2019; CWR*, Lomonaco et al. 2020).
 *
 * <p>Inputs: weights w [K, D], current [K] (real training images of each class in this experience;
 * 0 = absent), bank cw [K, D], past [K] (images of earlier experiences). Results: the new bank and
 * past. With {@code avg} the mean over all weights of all rows present, for each class c present:
 *
 * <pre>
 *   CWR_STAR: p = sqrt(past[c] / current[c])     cw[c] = (cw[c] * p + (w[c] - avg)) / (p + 1)
 *   CWR_PLUS: cw[c] = w[c] - avg
 *   past[c] += current[c]
 * </pre>
 */
public record ConsolidateHead(Rule rule) implements Op {
  /** How a trained row and its consolidated one become one. */
  public enum Rule {
    /** Weighted by how often the class came before, and centred (CWR*). */
    CWR_STAR,
    /** Replaced by the centred row (CWR+). */
    CWR_PLUS
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 4);
    Shape weights = Operands.ranked(this, inputs, 0, "weights", 2);
    Operands.shape(this, inputs, 1, "current", Shape.of(weights.dim(0)));
    Operands.shape(this, inputs, 2, "bank", weights);
    Operands.shape(this, inputs, 3, "past", Shape.of(weights.dim(0)));
    return List.of(inputs.get(2), inputs.get(3));
  }

  @Override
  public int inPlaceInput(int output) {
    return output + 2;
  }
}
