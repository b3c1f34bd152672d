package dev.accrete.production.daily;

import static java.util.Objects.requireNonNull;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.production.review.StoreReview;
import dev.accrete.production.review.StoreReview.DayReview;
import dev.accrete.production.review.Suspect;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoredImage;

/** Looks at the labels of a day that review suspects, and knows the true ones. */
final class Annotator {
  private final Store store;
  private final Backend backend;
  private int looked;
  private int corrected;

  Annotator(Store store, Backend backend) {
    this.store = store;
    this.backend = backend;
  }

  /**
   * Takes a day in and corrects its labels; without a version in production nothing judges them.
   */
  void correct(Delivery day) {
    if (store.aliases().champion().isEmpty()) {
      return;
    }
    store.ingest(day.source(), Delivery.OPTIONS, ProgressListener.NONE);
    DayReview review = new StoreReview(store, backend, ProgressListener.NONE).day(day.name());
    for (Suspect suspect : review.findings().suspects()) {
      looked++;
      StoredImage image = requireNonNull(review.images().get(suspect.image()));
      if (day.correct(image.name())) {
        corrected++;
      }
    }
  }

  /** Labels that were looked at. */
  int looked() {
    return looked;
  }

  /** How many of them were wrong. */
  int corrected() {
    return corrected;
  }
}
