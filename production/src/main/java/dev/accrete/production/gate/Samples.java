package dev.accrete.production.gate;

import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import java.util.Arrays;
import java.util.List;

/**
 * Images with the probabilities that this process computes for them.
 *
 * @param classes of the model, in the order of its rows
 * @param pixels u8 planar [rows, 3, size, size]
 * @param probabilities [rows, classes]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Samples(List<String> classes, byte[] pixels, int rows, double[] probabilities) {
  /** Copies the names. */
  public Samples {
    classes = List.copyOf(classes);
    if (rows < 1 || probabilities.length != rows * classes.size() || pixels.length % rows != 0) {
      throw new IllegalArgumentException(
          rows
              + " images with "
              + pixels.length
              + " bytes of pixels cannot have "
              + probabilities.length
              + " probabilities of "
              + classes.size()
              + " classes");
    }
  }

  /**
   * Asks a model.
   *
   * @param pixels at least one image
   */
  public static Samples of(Predictor predictor, byte[] pixels, int rows) {
    Model model = predictor.model();
    return new Samples(model.classes(), pixels, rows, predictor.probabilities(pixels, rows));
  }

  byte[] image(int row) {
    int bytes = pixels.length / rows;
    return Arrays.copyOfRange(pixels, row * bytes, (row + 1) * bytes);
  }
}
