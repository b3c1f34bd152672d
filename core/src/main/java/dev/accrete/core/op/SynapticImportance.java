package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Synaptic intelligence at the end of an experience (Zenke et al. 2017, as AR1* scales and clamps
 * it).
 *
 * <p>Inputs, all [P]: weights, start (the weights when the experience began), trajectory,
 * cumulative. Results: importance, the new cumulative, trajectory and start:
 *
 * <pre>
 *   cumulative += scale * trajectory / ((weights - start)^2 + damping)
 *   importance = clamp(-cumulative, 0, max)      trajectory = 0      start = weights
 * </pre>
 *
 * <p>Trajectories are negative where a weight helped to lower the loss. Elements outside the {@code
 * ranges} (head, normalization, frozen and padding elements) get importance 0 and keep their
 * cumulative.
 */
public record SynapticImportance(List<Range> ranges, float scale, float damping, float max)
    implements Op {
  /** A run of {@code length} synaptic parameters from {@code offset}. */
  public record Range(int offset, int length) {}

  public SynapticImportance {
    ranges = List.copyOf(ranges);
    Operands.require(
        damping > 0 && max > 0,
        "SynapticImportance: damping and max must be positive, got " + damping + ", " + max);
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 4);
    Shape weights = Operands.ranked(this, inputs, 0, "weights", 1);
    String[] operands = {"weights", "start", "trajectory", "cumulative"};
    for (int i = 1; i < operands.length; i++) {
      Operands.shape(this, inputs, i, operands[i], weights);
    }
    TensorType flat = inputs.get(0);
    return List.of(flat, flat, flat, flat);
  }

  @Override
  public int inPlaceInput(int output) {
    return switch (output) {
      case 1 -> 3;
      case 2 -> 2;
      case 3 -> 1;
      default -> -1;
    };
  }
}
