package dev.accrete.production.store;

import dev.accrete.cl.strategy.Temperature;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How sure a model may be, measured on images that it never learned. Its learner's own measure goes
 * with images that are taken out; where there is one, it comes from images of days that were yet to
 * be learned, which are further from what is known than images of the same day: the greater of both
 * temperatures counts.
 */
final class HeldOutTemperature {
  /** More images make it hardly better. */
  static final int MOST = 128;

  /** Of fewer images one wrong answer would say too much. */
  private static final int LEAST = 16;

  private static final int TOGETHER = 64;

  /** Divided by so many times their largest difference, scores are as good as even. */
  private static final double EVEN = 10;

  /** Scores are read off probabilities: this keeps the smallest of them from becoming 0. */
  private static final float SOFT = 1e3f;

  private HeldOutTemperature() {}

  /**
   * The model with a temperature that fits these images, if that is greater than its own; as it is
   * if they are too few.
   *
   * @param heldOut of classes by name; those that the model does not know are left out
   */
  static Model fit(Model model, StoredImages heldOut, Backend backend) {
    List<String> classes = model.classes();
    int[] known =
        IntStream.range(0, heldOut.size())
            .filter(i -> classes.contains(heldOut.image(i).label()))
            .toArray();
    if (known.length < LEAST) {
      return model;
    }
    long[] labels =
        IntStream.of(known).mapToLong(i -> classes.indexOf(heldOut.image(i).label())).toArray();
    Model soft = model.withTemperature(model.temperature() * SOFT);
    float[] scores = scores(soft, heldOut, known, backend);
    // Relative to its own, for a model's scores may have any scale: never surer than it was.
    double fitted = Temperature.fit(scores, classes.size(), labels, known.length);
    double even = Math.max(1, EVEN * widest(scores, classes.size()));
    return model.withTemperature((float) (model.temperature() * Math.min(fitted, even)));
  }

  /** The largest difference between two scores of an image. */
  private static double widest(float[] scores, int classes) {
    double widest = 0;
    for (int from = 0; from < scores.length; from += classes) {
      float[] row = Arrays.copyOfRange(scores, from, from + classes);
      Arrays.sort(row);
      widest = Math.max(widest, row[classes - 1] - row[0]);
    }
    return widest;
  }

  private static float[] scores(Model soft, StoredImages images, int[] which, Backend backend) {
    int classes = soft.classes().size();
    int bytes = 3 * images.height() * images.width();
    float[] scores = new float[which.length * classes];
    byte[] pixels = new byte[TOGETHER * bytes];
    try (Predictor predictor = soft.open(backend, TOGETHER)) {
      for (int from = 0; from < which.length; from += TOGETHER) {
        int rows = Math.min(TOGETHER, which.length - from);
        for (int row = 0; row < rows; row++) {
          images.read(which[from + row], pixels, row * bytes);
        }
        double[] probabilities = predictor.probabilities(pixels, rows);
        for (int i = 0; i < rows * classes; i++) {
          scores[from * classes + i] =
              (float) (SOFT * Math.log(Math.max(Double.MIN_NORMAL, probabilities[i])));
        }
      }
    }
    return scores;
  }
}
