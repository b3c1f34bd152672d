package dev.accrete.nn;

import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SynapticImportance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Importance of some weights alone; the others are free to move.
 *
 * <p>How many are chosen is settled by the density and the network, so that the memory they take
 * never changes. What a learner keeps from one experience to the next is one bit per weight, a
 * count per 1024 weights, and for a chosen weight its cumulative path, of which the importance is
 * the clamped part, and its anchor if there are any: for P weights and K chosen ones {@code P / 8 +
 * P / 256 + 4 K} bytes (8 K with anchors), where dense importance keeps 8 P (12 P). A weight that
 * is not chosen, or no longer, loses its cumulative path and starts again from 0: keeping it would
 * cost as much as keeping every importance. With a density of 1 nothing is lost and training gives
 * the same bits as with dense importance.
 *
 * <p>Trajectory and start stay dense, as the gradient and the momentum do: every weight has a path
 * while an experience lasts, and which of them will turn out to be important is not known before
 * its end. They are dead between experiences, and no part of a checkpoint.
 *
 * @param density the share of the candidates that is chosen, in (0, 1]; rounded to a whole number,
 *     but at least one of each group
 * @param grouping which candidates compete with each other
 * @param criterion which are chosen
 * @param candidates what may have importance
 * @param anchored whether chosen weights have anchors, for the quadratic penalty
 * @param seed of the random choice
 */
public record SparseImportance(
    double density,
    Grouping grouping,
    Criterion criterion,
    Predicate<Parameter> candidates,
    boolean anchored,
    long seed) {

  /** Which candidates compete with each other. */
  public enum Grouping {
    /** Those of one parameter, such as a layer's weight: each keeps the same share. */
    LAYER,
    /** All. */
    GLOBAL
  }

  /** Which candidates are chosen. */
  public enum Criterion {
    /**
     * At the end of an experience those of the lowest cumulative path, which are those of the
     * highest importance; among weights at the upper bound of importance those that would be
     * furthest beyond it.
     */
    TOP,
    /** A control: drawn by lot once and for all. */
    RANDOM,
    /** A control: at the end of an experience the weights furthest from 0. */
    MAGNITUDE
  }

  public SparseImportance {
    if (!(density > 0 && density <= 1)) {
      throw new IllegalArgumentException("density must be in (0, 1], got " + density);
    }
  }

  /**
   * The candidates of a layout, group by group, and how many of each are chosen.
   *
   * @throws IllegalArgumentException if there are no candidates
   */
  List<SelectParameters.Group> groups(Parameters parameters) {
    List<SynapticImportance.Range> ranges =
        parameters.all().stream()
            .filter(candidates)
            .map(p -> new SynapticImportance.Range(p.offset(), p.size()))
            .toList();
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException(
          "no parameter may have importance: the predicate 'candidates' is never true");
    }
    return switch (grouping) {
      case GLOBAL -> List.of(group(ranges));
      case LAYER -> {
        List<SelectParameters.Group> groups = new ArrayList<>();
        ranges.forEach(range -> groups.add(group(List.of(range))));
        yield groups;
      }
    };
  }

  private SelectParameters.Group group(List<SynapticImportance.Range> ranges) {
    long size = ranges.stream().mapToLong(SynapticImportance.Range::length).sum();
    int count = (int) Math.max(1, Math.round(density * size));
    return new SelectParameters.Group(ranges, count);
  }
}
