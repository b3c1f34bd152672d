package dev.accrete.cl.strategy;

import dev.accrete.core.Variable;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.nn.Learner;

/**
 * The double memory of CWR: a head that trains on the classes present alone, and a bank that keeps
 * a consolidated row of every class (Maltoni and Lomonaco 2019; Lomonaco et al. 2020).
 */
final class ConsolidatedHead {
  private final Learner learner;
  private final ConsolidateHead.Rule rule;

  ConsolidatedHead(Learner learner, ConsolidateHead.Rule rule) {
    this.learner = learner;
    this.rule = rule;
  }

  /** Before training: all rows 0, then the banked rows of the classes present. */
  void begin(LabelledImages images) {
    learner.loadHead(images.countByClass());
  }

  /** The same where memories of {@code replayed[c]} images of each class are trained on as well. */
  void begin(LabelledImages images, float[] replayed) {
    learner.loadHead(sum(images.countByClass(), replayed));
  }

  /** After training: merges the rows of the classes present, and tests with the whole bank. */
  void end(LabelledImages images) {
    learner.consolidateHead(rule, images.countByClass());
    learner.useBank();
  }

  /**
   * The same with replay. A replayed image weighs in the merging as a new one does, for the row was
   * trained on both; but it was counted as past when it was new, and is not counted again.
   */
  void end(LabelledImages images, float[] replayed) {
    Variable past = learner.variables().past();
    float[] counts = sum(learner.snapshot(past), images.countByClass());
    learner.consolidateHead(rule, sum(images.countByClass(), replayed));
    learner.restore(past, counts);
    learner.useBank();
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  /** Classes with consolidated images. */
  boolean[] seen() {
    float[] past = learner.snapshot(learner.variables().past());
    boolean[] seen = new boolean[past.length];
    for (int c = 0; c < past.length; c++) {
      seen[c] = past[c] > 0;
    }
    return seen;
  }
}
