package dev.accrete.kernels.reference;

import dev.accrete.core.op.ConsolidateHead.Rule;
import java.util.List;

/** The classifier of CWR+ and CWR*: loading it and consolidating it. */
final class Heads {
  private Heads() {}

  static void load(Cells bank, Cells present, Cells weights) {
    int width = bank.type().shape().dim(1);
    for (int i = 0; i < weights.floats().length; i++) {
      weights.floats()[i] = present.floats()[i / width] > 0 ? bank.floats()[i] : 0;
    }
  }

  static void consolidate(Rule rule, List<Cells> in, List<Cells> out) {
    float[] weights = in.get(0).floats();
    float[] current = in.get(1).floats();
    float[] bank = in.get(2).floats();
    float[] past = in.get(3).floats();
    int width = in.get(0).type().shape().dim(1);
    double average = average(weights, current, width);
    for (int i = 0; i < weights.length; i++) {
      int c = i / width;
      double centred = weights[i] - average;
      double p = rule == Rule.CWR_STAR ? Math.sqrt((double) past[c] / current[c]) : 0;
      out.get(0).floats()[i] =
          current[c] > 0 ? (float) ((bank[i] * p + centred) / (p + 1)) : bank[i];
    }
    for (int c = 0; c < current.length; c++) {
      out.get(1).floats()[c] = past[c] + current[c];
    }
  }

  /** The mean over all weights of all classes present. */
  private static double average(float[] weights, float[] current, int width) {
    double sum = 0;
    long count = 0;
    for (int i = 0; i < weights.length; i++) {
      if (current[i / width] > 0) {
        sum += weights[i];
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }
}
