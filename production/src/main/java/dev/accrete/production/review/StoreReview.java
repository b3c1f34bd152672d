package dev.accrete.production.review;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import dev.accrete.production.store.Aliases;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Kept;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoredImage;
import dev.accrete.production.store.StoredImages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What of a store a person had better look at. */
public final class StoreReview {
  private static final int TOGETHER = 64;

  /** Images of the regression set that thresholds come from: more make them no better. */
  private static final int MOST_CLEAN = 5000;

  /** Answers of which so many are looked at, the latest first. */
  private static final int MOST_ANSWERS = 100_000;

  private final Store store;
  private final Backend backend;
  private final ProgressListener progress;

  /**
   * Of a store.
   *
   * @param progress counts images asked about
   */
  public StoreReview(Store store, Backend backend, ProgressListener progress) {
    this.store = store;
    this.backend = backend;
    this.progress = progress;
  }

  /**
   * The labels of a day.
   *
   * @param version whose model judged
   * @param learned whether that model learned the day: wrong labels may then hide
   * @param findings with the images' keys
   * @param images by their keys
   */
  public record DayReview(
      String day,
      int version,
      boolean learned,
      ConfidentLearning.Findings findings,
      Map<String, StoredImage> images) {
    /** Copies the map. */
    public DayReview {
      images = Map.copyOf(images);
    }
  }

  /**
   * The day that is most worth a look: the latest that the champion does not know, else the latest;
   * never one that was refused or holds no image.
   *
   * @throws AccreteException if no such day came in yet
   */
  public String latestDay() {
    List<String> days = new ArrayList<>();
    store.days().stream()
        .filter(day -> day.state() != DayState.REFUSED && day.train() + day.regression() > 0)
        .forEach(day -> days.add(day.name()));
    if (days.isEmpty()) {
      throw new AccreteException("no day came in yet: there is nothing to review");
    }
    OptionalInt champion = store.aliases().champion();
    if (champion.isPresent()) {
      List<String> unknown = new ArrayList<>(days);
      unknown.removeAll(store.days(champion.getAsInt()));
      if (!unknown.isEmpty()) {
        return unknown.getLast();
      }
    }
    return days.getLast();
  }

  /**
   * Looks for labels of a day that are likely wrong, in its training and its held-out images. The
   * champion judges, or the version before it where the champion has learned the day.
   *
   * @throws AccreteException if there is no such day, or no version in production yet
   */
  public DayReview day(String name) {
    int version = judge(name);
    boolean learned = store.days(version).contains(name);
    Map<String, StoredImage> images = new HashMap<>();
    try (StoredImages training = store.trainingImages(name);
        StoredImages heldOut = store.heldOut(name);
        StoredImages regression = store.regressionSet();
        Predictor predictor = store.model(version).open(backend, TOGETHER)) {
      List<Labelled> day = new ArrayList<>();
      for (StoredImages part : List.of(training, heldOut)) {
        List<Integer> all = IntStream.range(0, part.size()).boxed().toList();
        day.addAll(ask(predictor, part, all));
        all.forEach(i -> images.put(part.image(i).sha256(), part.image(i)));
      }
      List<Integer> clean =
          IntStream.range(0, regression.size())
              .boxed()
              .filter(i -> !regression.image(i).day().equals(name))
              .sorted(Comparator.comparing(i -> regression.image(i).sha256()))
              .limit(MOST_CLEAN)
              .toList();
      List<Labelled> lookedAfter = ask(predictor, regression, clean);
      return new DayReview(
          name,
          version,
          learned,
          ConfidentLearning.suspects(day, lookedAfter, Thresholds.of(lookedAfter, day)),
          images);
    }
  }

  /** The champion, unless it learned the day and the version before it did not. */
  private int judge(String day) {
    Aliases aliases = store.aliases();
    int champion =
        aliases
            .champion()
            .orElseThrow(
                () ->
                    new AccreteException(
                        "no version is in production yet: promote one, it is what judges labels"));
    return Stream.of(OptionalInt.of(champion), aliases.previous())
        .flatMapToInt(OptionalInt::stream)
        .filter(id -> store.version(id).model() == Kept.KEPT)
        .filter(id -> !store.days(id).contains(day))
        .findFirst()
        .orElse(champion);
  }

  private List<Labelled> ask(Predictor predictor, StoredImages images, List<Integer> which) {
    Model model = predictor.model();
    int classes = model.classes().size();
    int bytes = 3 * images.height() * images.width();
    byte[] pixels = new byte[TOGETHER * bytes];
    List<Labelled> asked = new ArrayList<>();
    for (int from = 0; from < which.size(); from += TOGETHER) {
      List<Integer> some = which.subList(from, Math.min(which.size(), from + TOGETHER));
      for (int row = 0; row < some.size(); row++) {
        images.read(some.get(row), pixels, row * bytes);
      }
      double[] all = predictor.probabilities(pixels, some.size());
      for (int row = 0; row < some.size(); row++) {
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (int k = 0; k < classes; k++) {
          probabilities.put(model.classes().get(k), all[row * classes + k]);
        }
        StoredImage image = images.image(some.get(row));
        asked.add(new Labelled(image.sha256(), image.label(), probabilities));
      }
      progress.progress(from + some.size(), which.size());
    }
    return asked;
  }

  /**
   * Answers to users that are worth a look and of which nobody has said yet what is right.
   *
   * @param below as in {@link Doubt#of}
   */
  public List<Doubt> answers(Instant since, double below) {
    return Doubt.of(
        store.unconfirmedSince(since, MOST_ANSWERS).stream().map(Served::of).toList(), below);
  }
}
