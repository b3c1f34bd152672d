package dev.accrete.cl.strategy;

import dev.accrete.core.Variable;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Variables;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The double memory of CWR: a head that trains on the classes present alone, and a bank that keeps
 * a consolidated row of every class (Maltoni and Lomonaco 2019; Lomonaco et al. 2020).
 *
 * <p>A replayed image weighs in the merging as a new one does, for the row was trained on both; but
 * it was counted as past when it was new, and is not counted again.
 */
public final class ConsolidatedHead implements HeadPolicy {
  private final ConsolidateHead.Rule rule;
  private @Nullable Learner learner;

  /** A head whose rows are merged by a rule. */
  public ConsolidatedHead(ConsolidateHead.Rule rule) {
    this.rule = rule;
  }

  @Override
  public void attach(Learner owner) {
    learner = owner;
  }

  /** All rows 0, then the banked rows of the classes present. */
  @Override
  public void begin(Border border) {
    float[] present = border.images().countByClass();
    border.learner().loadHead(border.replayed().map(r -> sum(present, r)).orElse(present));
  }

  /** Merges the rows of the classes present, and tests with the whole bank. */
  @Override
  public void end(Border border) {
    Learner to = border.learner();
    float[] current = border.images().countByClass();
    Optional<float[]> replayed = border.replayed();
    if (replayed.isEmpty()) {
      to.consolidateHead(rule, current);
    } else {
      Variable past = to.variables().past();
      float[] counts = sum(to.snapshot(past), current);
      to.consolidateHead(rule, sum(current, replayed.get()));
      to.restore(past, counts);
    }
    to.useBank();
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  /** Classes with consolidated images. */
  @Override
  public boolean[] seen() {
    if (learner == null) {
      return new boolean[0];
    }
    float[] past = learner.snapshot(learner.variables().past());
    boolean[] seen = new boolean[past.length];
    for (int c = 0; c < past.length; c++) {
      seen[c] = past[c] > 0;
    }
    return seen;
  }

  @Override
  public List<Variable> variables(Variables variables) {
    return List.of(variables.bank(), variables.past());
  }
}
