package dev.accrete.kernels.vector.op;

import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.ConsolidateHead.Rule;
import dev.accrete.core.op.SynapticImportance;
import dev.accrete.core.op.SynapticImportance.Range;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.List;

/** What happens between experiences: importance, and the rows of the classifier. */
public final class Consolidation {
  private static final int RUN = 1 << 13;

  private Consolidation() {}

  /**
   * See {@link SynapticImportance}. Results may share memory with the operands they may overwrite.
   * Runs in double precision: it happens once per experience.
   */
  public static Step importance(
      TileRunner runner, SynapticImportance op, List<Operand> in, List<Operand> out) {
    int size = in.get(0).shape().size();
    boolean[] synaptic = new boolean[size];
    for (Range range : op.ranges()) {
      java.util.Arrays.fill(synaptic, range.offset(), range.offset() + range.length(), true);
    }
    TileBody body =
        (tile, scratch) -> {
          int end = Math.min(size, (tile + 1) * RUN);
          for (int i = tile * RUN; i < end; i++) {
            importance(op, synaptic[i], i, in, out);
          }
        };
    return () -> runner.run(Math.ceilDiv(size, RUN), body);
  }

  private static void importance(
      SynapticImportance op, boolean synaptic, int i, List<Operand> in, List<Operand> out) {
    float weight = get(in.get(0), i);
    double way = (double) weight - get(in.get(1), i);
    float old = get(in.get(3), i);
    double sum = old + op.scale() * get(in.get(2), i) / (way * way + op.damping());
    set(out.get(0), i, synaptic ? (float) Math.clamp(-sum, 0.0, op.max()) : 0);
    set(out.get(1), i, synaptic ? (float) sum : old);
    set(out.get(2), i, 0);
    set(out.get(3), i, weight);
  }

  /** See {@link dev.accrete.core.op.LoadHead}. */
  public static Step load(TileRunner runner, Operand bank, Operand present, Operand weights) {
    int width = bank.shape().dim(1);
    TileBody body =
        (row, scratch) -> {
          boolean there = get(present, row) > 0;
          for (int i = row * width; i < (row + 1) * width; i++) {
            set(weights, i, there ? get(bank, i) : 0);
          }
        };
    return () -> runner.run(bank.shape().dim(0), body);
  }

  /** See {@link ConsolidateHead}. Results may share memory with bank and past. */
  public static Step consolidate(Rule rule, List<Operand> in, List<Operand> out) {
    int classes = in.get(0).shape().dim(0);
    return () -> {
      double average = average(in.get(0), in.get(1));
      for (int c = 0; c < classes; c++) {
        consolidate(rule, c, average, in, out);
      }
    };
  }

  private static void consolidate(
      Rule rule, int c, double average, List<Operand> in, List<Operand> out) {
    int width = in.get(0).shape().dim(1);
    float current = get(in.get(1), c);
    float past = get(in.get(3), c);
    double p = rule == Rule.CWR_STAR ? Math.sqrt((double) past / current) : 0;
    for (int i = c * width; i < (c + 1) * width; i++) {
      double centred = get(in.get(0), i) - average;
      float old = get(in.get(2), i);
      set(out.get(0), i, current > 0 ? (float) ((old * p + centred) / (p + 1)) : old);
    }
    set(out.get(1), c, past + current);
  }

  /** The mean over all weights of all classes present. */
  private static double average(Operand weights, Operand current) {
    int width = weights.shape().dim(1);
    double sum = 0;
    long count = 0;
    for (int i = 0; i < weights.shape().size(); i++) {
      if (get(current, i / width) > 0) {
        sum += get(weights, i);
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  private static float get(Operand operand, int i) {
    return operand.floats[operand.offset + i];
  }

  private static void set(Operand operand, int i, float value) {
    operand.floats[operand.offset + i] = value;
  }
}
