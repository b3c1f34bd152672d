package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * One step of stochastic gradient descent with momentum, weight decay and a synaptic-intelligence
 * penalty, over the flat parameters in one pass.
 *
 * <p>Inputs, all [P] but the first of them: learningRate (scalar), weights w, gradients g (of the
 * task loss alone), momentum v, trajectory t, then importance F unless the penalty is {@code NONE},
 * then anchors a if it is {@code QUADRATIC}. Results: the new w, v, t. For each element of a
 * segment:
 *
 * <pre>
 *   u = g + weightDecay * w
 *   GRADIENT_SCALE: u *= 1 - F / importanceMax      QUADRATIC: u += strength * F * (w - a)
 *   v = momentum * v + learningRate * multiplier * u
 *   step = nesterov ? momentum * v + learningRate * multiplier * u : v
 *   w_new = w - step                       t += (SOLVER_UPDATE ? step : g) * (w_new - w)
 * </pre>
 *
 * <p>The penalty and the trajectory concern synaptic segments alone. Elements in no segment are
 * frozen: they keep weights, momentum and trajectory. Sources: Zenke et al. 2017 (SI), Maltoni and
 * Lomonaco 2019 and Lomonaco et al. 2020 (AR1, AR1*).
 */
public record SgdSynaptic(
    List<Segment> segments,
    float momentum,
    boolean nesterov,
    Penalty penalty,
    float importanceMax,
    float strength,
    Trajectory trajectory)
    implements Op {

  /** How importance acts on a step. */
  public enum Penalty {
    /** Not at all. */
    NONE,
    /**
     * The published AR1*: importance scales the whole gradient towards 0 and so freezes a weight.
     */
    GRADIENT_SCALE,
    /** SI, EWC: importance pulls a weight back to its anchor. */
    QUADRATIC
  }

  /** What is multiplied with the step to give the path integral. */
  public enum Trajectory {
    /** The gradient of the task loss (the definition). */
    TASK_GRADIENT,
    /** The solver's own step, as in the authors' Caffe code. */
    SOLVER_UPDATE
  }

  /** A run of {@code length} parameters from {@code offset} that are updated alike. */
  public record Segment(
      int offset, int length, float multiplier, float weightDecay, boolean synaptic) {}

  public SgdSynaptic {
    segments = List.copyOf(segments);
    int end = 0;
    for (Segment segment : segments) {
      Operands.require(
          segment.offset() >= end && segment.length() > 0,
          "SgdSynaptic: segments must be in order and must not overlap, " + segment + " is not");
      end = segment.offset() + segment.length();
    }
    Operands.require(
        penalty == Penalty.NONE || importanceMax > 0,
        "SgdSynaptic: importanceMax must be positive, got " + importanceMax);
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    int flat = 4 + (penalty == Penalty.NONE ? 0 : 1) + (penalty == Penalty.QUADRATIC ? 1 : 0);
    Operands.count(this, inputs, 1 + flat);
    Operands.shape(this, inputs, 0, "learningRate", Shape.SCALAR);
    Shape weights = Operands.ranked(this, inputs, 1, "weights", 1);
    for (int i = 2; i <= flat; i++) {
      Operands.shape(this, inputs, i, "input " + i, weights);
    }
    if (!segments.isEmpty()) {
      Segment last = segments.getLast();
      Operands.require(
          last.offset() + last.length() <= weights.size(),
          "SgdSynaptic: " + last + " ends beyond the " + weights.size() + " parameters");
    }
    return List.of(inputs.get(1), inputs.get(3), inputs.get(4));
  }

  @Override
  public int inPlaceInput(int output) {
    return output == 0 ? 1 : output + 2;
  }
}
