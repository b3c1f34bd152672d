package dev.accrete.production.serve.live;

import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import java.util.List;

/**
 * A model that is ready to answer. Used by one thread at a time; the batcher sees to it.
 *
 * <p>The server runs {@link #of Accrete's own}; another engine behind the same server is a fair
 * peer to measure against.
 */
public interface Classifier extends AutoCloseable {
  /** Makes models ready. */
  @FunctionalInterface
  interface Factory {
    /**
     * Makes one ready.
     *
     * @param most images that it will see together at most
     * @throws dev.accrete.core.AccreteException if it cannot run here
     */
    Classifier open(Model model, int most);
  }

  /** The names of the classes, in the order of the probabilities. */
  List<String> classes();

  /** Height and width of its images in pixels. */
  int imageSize();

  /**
   * The probability of every class for each image.
   *
   * @param pixels u8 planar [rows, 3, imageSize, imageSize], red first; may be longer
   * @return [rows, classes]
   */
  double[] probabilities(byte[] pixels, int rows);

  @Override
  void close();

  /** Accrete's predictors on a backend, which stays open. */
  static Factory factory(Backend backend) {
    return (model, most) -> of(model.openInPortions(backend, most));
  }

  /** One of Accrete's predictors; closes it when it is closed. */
  static Classifier of(Predictor predictor) {
    return new Classifier() {
      @Override
      public List<String> classes() {
        return predictor.model().classes();
      }

      @Override
      public int imageSize() {
        return predictor.model().network().height();
      }

      @Override
      public double[] probabilities(byte[] pixels, int rows) {
        return predictor.probabilities(pixels, rows);
      }

      @Override
      public void close() {
        predictor.close();
      }
    };
  }
}
