package dev.accrete.production.serve.workshop;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Quarantined;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.UpdateOptions;
import dev.accrete.production.store.Version;
import dev.accrete.production.store.VersionKind;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * The steps of a lesson in a store: its images come in as a day of their own, which declares its
 * classes, and are learned alone on top of the champion; what else came in waits for the evening.
 * Whether the result goes into production is for whoever teaches to say. Drift is not looked at: a
 * lesson of one class always differs from the days before.
 */
public final class Teaching {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Store store;
  private final Backend backend;
  private final UpdateOptions options;
  private final ProgressListener progress;

  /**
   * Lessons of one teacher.
   *
   * @param options who teaches, and who hears what will be done
   * @param progress hears how far decoding and learning are
   */
  public Teaching(Store store, Backend backend, UpdateOptions options, ProgressListener progress) {
    this.store = store;
    this.backend = backend;
    this.options = options.as(VersionKind.TEACH);
    this.progress = progress;
  }

  /** A name that no other lesson's day has. */
  public static String day(Clock clock) {
    String some = UUID.randomUUID().toString().substring(0, 4);
    return "taught-" + STAMP.format(clock.instant()) + "-" + some;
  }

  /**
   * Takes a lesson in.
   *
   * @throws AccreteException if the store refuses it; nothing is learned then
   */
  public DayReport takeIn(Source lesson) {
    DayReport report = store.ingest(lesson, IngestOptions.defaults().withNewClasses(), progress);
    if (report.day().state() == DayState.REFUSED) {
      throw new AccreteException(
          "the lesson is refused: " + report.day().refusal().orElse("") + reasons(report));
    }
    return report;
  }

  /**
   * Learns a lesson that came in; the result is the candidate.
   *
   * @throws AccreteException if there is nothing in it to learn
   */
  public Version learn(DayReport lesson) {
    return store
        .update(backend, options.only(lesson.day().name()), progress)
        .orElseThrow(
            () ->
                new AccreteException(
                    "there is nothing to learn: all images were set aside or held out"
                        + reasons(lesson)));
  }

  private static String reasons(DayReport report) {
    List<Quarantined> rejected = report.quarantine();
    return rejected.isEmpty()
        ? ""
        : "; the first of " + rejected.size() + " set aside: " + line(rejected.getFirst());
  }

  /** An image that was set aside, and why. */
  public static String line(Quarantined image) {
    return image.name() + ", " + reason(image);
  }

  /** Why an image was set aside. */
  static String reason(Quarantined image) {
    return image.reason().meaning() + (image.detail().isEmpty() ? "" : ": " + image.detail());
  }
}
