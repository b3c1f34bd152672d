package dev.accrete.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.review.ConfidentLearning;
import dev.accrete.production.review.Doubt;
import dev.accrete.production.review.StoreReview;
import dev.accrete.production.review.StoreReview.DayReview;
import dev.accrete.production.review.Suspect;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoredImage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete review}. */
@Command(
    name = "review",
    description =
        "What a person had better look at: labels of a day that are likely wrong, with what they"
            + " should perhaps be, and answers that the model was not sure of. Nothing is changed:"
            + " correct the labels and ingest the day again.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class ReviewCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Option(
      names = "--day",
      paramLabel = "NAME",
      description =
          "Whose labels. Default: the latest with images that the champion does not know.")
  private @Nullable String day;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "20",
      description = "Rows of each list. Default: 20.")
  private int top;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "7",
      description = "Answers of the last N days. Default: 7.")
  private int recent;

  @Option(
      names = "--margin",
      paramLabel = "SHARE",
      defaultValue = "0.3",
      description =
          "Answers whose first class leads by less are doubtful, and all on which a shadow"
              + " disagrees. Default: 0.3.")
  private double margin;

  @Option(names = "--json", description = "One JSON object with everything.")
  private boolean json;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    if (top < 1 || recent < 1) {
      throw new ParameterException(spec.commandLine(), "--top and --days must be at least 1");
    }
    engine.prepare();
    Console console = Console.of(spec);
    try (Store store = Stores.open(folder)) {
      DayReview labels;
      List<Doubt> doubts;
      try (Backend backend = engine.open();
          Progress progress = new Progress(console)) {
        StoreReview review = new StoreReview(store, backend, progress.images("the store"));
        labels = review.day(day == null ? review.latestDay() : day);
        doubts = review.answers(Instant.now().minus(Duration.ofDays(recent)), margin);
      }
      if (json) {
        console.print(json(store, labels, doubts));
      } else {
        labels(console, labels);
        answers(console, store, doubts);
      }
    }
    return 0;
  }

  private void labels(Console console, DayReview review) {
    ConfidentLearning.Findings found = review.findings();
    List<Suspect> suspects = found.suspects();
    console.print(
        "day "
            + review.day()
            + ", judged by version "
            + review.version()
            + (review.learned() ? ", which has learned it: wrong labels may hide" : "")
            + ": "
            + suspects.size()
            + " of "
            + Stores.count(found.judged(), "label")
            + (suspects.size() == 1 ? " differs" : " differ")
            + " from what the model sees"
            + (found.unknown() > 0
                ? "; " + found.unknown() + " of classes that it does not know"
                : ""));
    if (suspects.isEmpty()) {
      return;
    }
    console.print(
        (found.likely() > 0
                ? "the first " + found.likely() + " are more likely wrong than right"
                : "how many of them are wrong cannot be told")
            + (found.usual() > 0
                ? String.format(
                    Locale.ROOT,
                    ": of labels that are right it doubts %.0f%% too",
                    100 * found.usual())
                : "")
            + ". The likeliest wrong come first: look from the top, and stop where labels are"
            + " right");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("image", "label", "perhaps", "score", "wrong so far"));
    for (Suspect suspect : suspects.subList(0, Math.min(top, suspects.size()))) {
      StoredImage image = review.images().get(suspect.image());
      rows.add(
          List.of(
              image == null ? suspect.image() : image.name(),
              suspect.label(),
              suspect.suggestion(),
              String.format(Locale.ROOT, "%.3f", suspect.score()),
              suspect.precision().orElse(0) > 0
                  ? "at least "
                      + String.format(
                          Locale.ROOT, "%.0f%%", 100 * suspect.precision().getAsDouble())
                  : "-"));
    }
    print(console, rows, suspects.size());
    console.print(
        "wrong so far: share of the labels from the first row to this one that are wrong, going by"
            + " how often images of the regression set are doubted; -: too few to tell");
  }

  private static String picture(Store store, Doubt doubt) {
    try {
      return doubt.served().image().map(store::original).map(Path::toString).orElse("");
    } catch (AccreteException e) {
      return ""; // released meanwhile
    }
  }

  private void answers(Console console, Store store, List<Doubt> doubts) {
    if (doubts.isEmpty()) {
      return;
    }
    console.print(
        Stores.count(doubts.size(), "answer")
            + " worth a look; the picture is the file as it was sent, of those that serve --keep"
            + " has kept. What it really is: POST /v1/feedback with the prediction's id");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("prediction", "answer", "confidence", "why", "picture"));
    for (Doubt doubt : doubts.subList(0, Math.min(top, doubts.size()))) {
      rows.add(
          List.of(
              doubt.served().prediction(),
              doubt.served().answer(),
              String.format(Locale.ROOT, "%.3f", doubt.served().confidence()),
              doubt.why(),
              picture(store, doubt).isEmpty() ? "not kept" : picture(store, doubt)));
    }
    print(console, rows, doubts.size());
  }

  private void print(Console console, List<List<String>> rows, int all) {
    console.print(SummaryTable.aligned(rows).stripTrailing());
    if (all > top) {
      console.print("and " + (all - top) + " more: --top " + all);
    }
  }

  private static String json(Store store, DayReview review, List<Doubt> doubts) {
    List<Map<String, Object>> suspects = new ArrayList<>();
    for (Suspect suspect : review.findings().suspects()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("image", suspect.image());
      row.put(
          "name",
          Optional.ofNullable(review.images().get(suspect.image()))
              .map(StoredImage::name)
              .orElse(""));
      row.put("label", suspect.label());
      row.put("suggestion", suspect.suggestion());
      row.put("score", suspect.score());
      suspect.precision().ifPresent(precision -> row.put("precision", precision));
      suspects.add(row);
    }
    List<Map<String, Object>> answers = new ArrayList<>();
    for (Doubt doubt : doubts) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("prediction", doubt.served().prediction());
      row.put("answer", doubt.served().answer());
      row.put("confidence", doubt.served().confidence());
      row.put("score", doubt.score());
      row.put("why", doubt.why());
      row.put("picture", picture(store, doubt));
      answers.add(row);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("day", review.day());
    all.put("version", review.version());
    all.put("learned", review.learned());
    all.put("judged", review.findings().judged());
    all.put("unknown", review.findings().unknown());
    all.put("usual", review.findings().usual());
    all.put("likely", review.findings().likely());
    all.put("noise", review.findings().noise());
    all.put("suspects", suspects);
    all.put("answers", answers);
    try {
      return new ObjectMapper().writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a review that JSON cannot hold: " + all, e);
    }
  }
}
