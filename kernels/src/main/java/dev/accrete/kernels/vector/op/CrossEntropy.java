package dev.accrete.kernels.vector.op;

import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;

/** Softmax cross-entropy and its gradient, rows in double precision; a few thousand numbers. */
public final class CrossEntropy {
  private static final int ROWS_PER_TILE = 8;

  private CrossEntropy() {}

  /** The operands of both directions. */
  public record Targets(double smoothing, Operand labels, Operand mask) {
    private int rows() {
      return labels.shape().size();
    }

    private int classes() {
      return mask.shape().size();
    }

    private int label(int row) {
      return labels.ints[labels.offset + row];
    }

    private boolean allows(int k) {
      return mask.floats[mask.offset + k] > 0;
    }

    private int labelled() {
      int count = 0;
      for (int row = 0; row < rows(); row++) {
        count += label(row) >= 0 ? 1 : 0;
      }
      return count;
    }

    private double floor() {
      int allowed = 0;
      for (int k = 0; k < classes(); k++) {
        allowed += allows(k) ? 1 : 0;
      }
      return smoothing / allowed;
    }
  }

  /** The mean loss, and every row's probabilities. */
  public static Step forward(
      TileRunner runner, Targets targets, Operand logits, Operand loss, Operand probabilities) {
    int rows = targets.rows();
    double[] losses = new double[rows];
    TileBody body =
        (tile, scratch) -> {
          double[] exponentials = scratch.doubles(targets.classes());
          int end = Math.min(rows, (tile + 1) * ROWS_PER_TILE);
          for (int row = tile * ROWS_PER_TILE; row < end; row++) {
            losses[row] = row(targets, row, logits, probabilities, exponentials);
          }
        };
    return () -> {
      runner.run(Math.ceilDiv(rows, ROWS_PER_TILE), body);
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        sum += losses[row];
      }
      int labelled = targets.labelled();
      loss.floats[loss.offset] = labelled == 0 ? 0 : (float) (sum / labelled);
    };
  }

  private static double row(
      Targets targets, int row, Operand logits, Operand probabilities, double[] exponentials) {
    int classes = targets.classes();
    int at = logits.offset + row * classes;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      if (targets.allows(k)) {
        largest = Math.max(largest, logits.floats[at + k]);
      }
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      exponentials[k] = targets.allows(k) ? Math.exp(logits.floats[at + k] - largest) : 0;
      sum += exponentials[k];
    }
    int to = probabilities.offset + row * classes;
    for (int k = 0; k < classes; k++) {
      probabilities.floats[to + k] = (float) (targets.allows(k) ? exponentials[k] / sum : 0);
    }
    return targets.label(row) < 0 ? 0 : loss(targets, row, logits, at, largest + Math.log(sum));
  }

  /** The sum over the allowed classes of target * -log(probability). */
  private static double loss(Targets targets, int row, Operand logits, int at, double logSum) {
    int label = targets.label(row);
    if (label >= targets.classes() || !targets.allows(label)) {
      return Double.NaN;
    }
    double floor = targets.floor();
    double loss = 0;
    for (int k = 0; k < targets.classes(); k++) {
      if (targets.allows(k)) {
        double target = floor + (k == label ? 1 - targets.smoothing() : 0);
        loss += target * (logSum - logits.floats[at + k]);
      }
    }
    return loss;
  }

  /** The gradient with respect to the logits; may overwrite the probabilities. */
  public static Step backward(
      TileRunner runner, Targets targets, Operand probabilities, Operand dloss, Operand dlogits) {
    int rows = targets.rows();
    int classes = targets.classes();
    TileBody body =
        (tile, scratch) -> {
          double factor = dloss.floats[dloss.offset] / (double) targets.labelled();
          double floor = targets.floor();
          int end = Math.min(rows, (tile + 1) * ROWS_PER_TILE);
          for (int row = tile * ROWS_PER_TILE; row < end; row++) {
            int label = targets.label(row);
            for (int k = 0; k < classes; k++) {
              int i = row * classes + k;
              double target = floor + (k == label ? 1 - targets.smoothing() : 0);
              boolean counts = label >= 0 && targets.allows(k);
              double difference = probabilities.floats[probabilities.offset + i] - target;
              dlogits.floats[dlogits.offset + i] = counts ? (float) (factor * difference) : 0;
            }
          }
        };
    return () -> runner.run(Math.ceilDiv(rows, ROWS_PER_TILE), body);
  }
}
