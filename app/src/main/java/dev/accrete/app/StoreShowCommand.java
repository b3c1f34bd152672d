package dev.accrete.app;

import dev.accrete.cl.run.ShellWords;
import dev.accrete.production.store.Aliases;
import dev.accrete.production.store.ClassCount;
import dev.accrete.production.store.Day;
import dev.accrete.production.store.Kept;
import dev.accrete.production.store.LeftOut;
import dev.accrete.production.store.Quarantined;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.Tombstone;
import dev.accrete.production.store.Version;
import dev.accrete.production.store.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete store show}. */
@Command(
    name = "show",
    description =
        "What is in a store: classes, days, versions, and which of them is in production.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class StoreShowCommand implements Callable<Integer> {
  private static final int LAST = 10;
  private static final int CLASSES = 20;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Option(
      names = "--all",
      description = "All classes, days and versions instead of twenty and the last ten.")
  private boolean all;

  @Option(
      names = "--quarantine",
      paramLabel = "DAY",
      description = "Lists the images of a day that were set aside, and why.")
  private @Nullable String quarantine;

  @Option(
      names = "--certificates",
      description = "Prints what is left of everything that was forgotten.")
  private boolean certificates;

  @Override
  public Integer call() {
    Console console = Console.of(spec);
    try (Store store = Stores.openWithoutPolicy(folder)) {
      if (certificates) {
        for (Tombstone tombstone : store.tombstones()) {
          console.print("certificate " + tombstone.id() + ":");
          console.print(Stores.indented(tombstone.certificate()));
        }
        return 0;
      }
      if (quarantine != null) {
        List<List<String>> rows = new ArrayList<>();
        for (Quarantined image : store.quarantine(quarantine)) {
          rows.add(List.of(image.name(), image.reason().text(), image.detail()));
        }
        print(console, rows);
        return 0;
      }
      summary(console, store);
      classes(console, store.classCounts());
      days(console, store);
      feedback(console, store.waitingFeedback());
      versions(console, store);
    }
    return 0;
  }

  private void classes(Console console, List<ClassCount> classes) {
    if (classes.isEmpty()) {
      return;
    }
    console.print(Stores.classes(classes.size()) + " (images to learn + in the regression set)");
    List<ClassCount> shown =
        all || classes.size() <= CLASSES ? classes : classes.subList(0, CLASSES);
    List<List<String>> rows = new ArrayList<>();
    shown.forEach(
        count ->
            rows.add(List.of("  " + count.name(), count.train() + " + " + count.regression())));
    print(console, rows);
    if (shown.size() < classes.size()) {
      console.print("  and " + (classes.size() - shown.size()) + " more: --all");
    }
  }

  private static void summary(Console console, Store store) {
    Aliases aliases = store.aliases();
    console.print(
        String.format(
            Locale.ROOT,
            "%s: %s, %d pixels, %s, images of %s",
            store.folder(),
            store.learnerConfig().architecture(),
            store.learnerConfig().imageSize(),
            store.learnerConfig().strategy(),
            Stores.count(store.subjects(), "subject")));
    console.print(
        "champion "
            + Stores.alias(aliases.champion())
            + ", candidate "
            + Stores.alias(aliases.candidate())
            + ", previous "
            + Stores.alias(aliases.previous()));
    int forgotten = store.tombstones().size();
    if (forgotten > 0) {
      console.print(
          Stores.count(forgotten, "certificate")
              + " of what was forgotten: accrete forget "
              + ShellWords.quote(store.folder().toString())
              + " --certificates");
    }
  }

  /** A day that was blessed and promoted, and only rolled back, is not blocked. */
  private static Map<String, String> rolledBack(Store store) {
    return store.leftOut().stream()
        .filter(LeftOut::rolledBack)
        .collect(Collectors.toMap(LeftOut::day, LeftOut::why));
  }

  private void days(Console console, Store store) {
    List<Day> days = store.days();
    Map<String, String> rolledBack = rolledBack(store);
    Map<String, Integer> states = new TreeMap<>();
    int train = 0;
    int regression = 0;
    for (Day day : days) {
      states.merge(state(day, rolledBack), 1, Integer::sum);
      train += day.train();
      regression += day.regression();
    }
    List<String> counts = new ArrayList<>();
    states.forEach((state, count) -> counts.add(count + " " + state));
    console.print(
        Stores.count(days.size(), "day")
            + (counts.isEmpty() ? "" : " (" + String.join(", ", counts) + ")")
            + ", "
            + Stores.count(train, "image")
            + " to learn, "
            + regression
            + " in the regression set");
    List<List<String>> rows = new ArrayList<>();
    for (Day day : last(days)) {
      rows.add(
          List.of(
              "  " + day.name() + (day.revision() > 1 ? " (revision " + day.revision() + ")" : ""),
              state(day, rolledBack),
              day.train() + " + " + day.regression(),
              day.quarantined() + " set aside",
              day.refusal().orElse("")));
    }
    print(console, rows);
    earlier(console, days);
  }

  private void earlier(Console console, List<?> list) {
    int hidden = list.size() - last(list).size();
    if (hidden > 0) {
      console.print("  and " + hidden + " earlier: --all");
    }
  }

  private static void feedback(Console console, Waiting waiting) {
    if (waiting.labels() + waiting.lost() > 0) {
      console.print(
          Stores.count(waiting.labels(), "label")
              + " for answers in no day yet (accrete ingest --feedback)"
              + (waiting.lost() > 0
                  ? ", " + waiting.lost() + " more for images that are not kept"
                  : ""));
    }
  }

  private static String state(Day day, Map<String, String> rolledBack) {
    return rolledBack.getOrDefault(day.name(), day.state().name().toLowerCase(Locale.ROOT));
  }

  private void versions(Console console, Store store) {
    List<Version> versions = store.versions();
    console.print(Stores.count(versions.size(), "version"));
    Aliases aliases = store.aliases();
    List<List<String>> rows = new ArrayList<>();
    for (Version version : last(versions)) {
      OptionalInt parent = version.parent();
      rows.add(
          List.of(
              "  " + version.id(),
              version.kind().name().toLowerCase(Locale.ROOT),
              parent.isPresent() ? "of " + parent.getAsInt() : "",
              Stores.count(version.images(), "image"),
              Stores.classes(version.knownClasses().size()),
              Stores.accuracy(store, OptionalInt.of(version.id())),
              version.model() == Kept.KEPT
                  ? version.learner() == Kept.KEPT ? "" : "model only"
                  : "removed (" + version.model().name().toLowerCase(Locale.ROOT) + ")",
              named(aliases, version.id())));
    }
    print(console, rows);
    earlier(console, versions);
  }

  private static String named(Aliases aliases, int id) {
    List<String> names = new ArrayList<>();
    if (aliases.champion().equals(OptionalInt.of(id))) {
      names.add("champion");
    }
    if (aliases.candidate().equals(OptionalInt.of(id))) {
      names.add("candidate");
    }
    if (aliases.previous().equals(OptionalInt.of(id))) {
      names.add("previous");
    }
    return String.join(", ", names);
  }

  private <T> List<T> last(List<T> list) {
    return all || list.size() <= LAST ? list : list.subList(list.size() - LAST, list.size());
  }

  /** Rows with their columns under each other, from the left. */
  static void print(Console console, List<List<String>> rows) {
    int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
    int[] widths = new int[columns];
    rows.forEach(
        row -> {
          for (int c = 0; c < columns; c++) {
            widths[c] = Math.max(widths[c], row.get(c).length());
          }
        });
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 2));
      }
      console.print(line.toString().stripTrailing());
    }
  }
}
