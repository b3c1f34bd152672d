package dev.accrete.kernels.reference;

import dev.accrete.core.Shape;
import java.util.List;

/** Softmax cross-entropy over the allowed classes, and its gradient. */
final class Losses {
  private Losses() {}

  static void forward(double smoothing, List<Cells> in, List<Cells> out) {
    float[] logits = in.get(0).floats();
    int[] labels = in.get(1).ints();
    float[] mask = in.get(2).floats();
    float[] probabilities = out.get(1).floats();
    int classes = mask.length;
    double loss = 0;
    for (int n = 0; n < labels.length; n++) {
      int row = n * classes;
      double largest = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        if (mask[k] > 0) {
          largest = Math.max(largest, logits[row + k]);
        }
      }
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += mask[k] > 0 ? Math.exp(logits[row + k] - largest) : 0;
      }
      for (int k = 0; k < classes; k++) {
        double probability = mask[k] > 0 ? Math.exp(logits[row + k] - largest) / sum : 0;
        probabilities[row + k] = (float) probability;
      }
      if (labels[n] >= 0) {
        double logSum = largest + Math.log(sum);
        loss += rowLoss(smoothing, logits, row, labels[n], mask, logSum);
      }
    }
    int rows = labelled(labels);
    out.get(0).floats()[0] = rows == 0 ? 0 : (float) (loss / rows);
  }

  /** The sum over the allowed classes of target * -log(probability). */
  private static double rowLoss(
      double smoothing, float[] logits, int row, int label, float[] mask, double logSum) {
    if (label >= mask.length || !(mask[label] > 0)) {
      return Double.NaN;
    }
    double others = smoothing / allowed(mask);
    double loss = 0;
    for (int k = 0; k < mask.length; k++) {
      if (mask[k] > 0) {
        double target = others + (k == label ? 1 - smoothing : 0);
        loss += target * (logSum - logits[row + k]);
      }
    }
    return loss;
  }

  static void backward(double smoothing, List<Cells> in, Cells dlogits) {
    Shape shape = dlogits.type().shape();
    int[] labels = in.get(1).ints();
    float[] mask = in.get(2).floats();
    double factor = in.get(3).floats()[0] / (double) labelled(labels);
    double others = smoothing / allowed(mask);
    for (int i = 0; i < dlogits.floats().length; i++) {
      int label = labels[i / shape.dim(1)];
      int k = i % shape.dim(1);
      double target = others + (k == label ? 1 - smoothing : 0);
      boolean counts = label >= 0 && mask[k] > 0;
      dlogits.floats()[i] = counts ? (float) (factor * (in.get(0).floats()[i] - target)) : 0;
    }
  }

  private static int labelled(int[] labels) {
    int rows = 0;
    for (int label : labels) {
      rows += label >= 0 ? 1 : 0;
    }
    return rows;
  }

  private static int allowed(float[] mask) {
    int classes = 0;
    for (float m : mask) {
      classes += m > 0 ? 1 : 0;
    }
    return classes;
  }
}
