package dev.accrete.app;

import dev.accrete.production.store.Aliases;
import dev.accrete.production.store.Day;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Kept;
import dev.accrete.production.store.Quarantined;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete store show}. */
@Command(
    name = "show",
    description = "What is in a store: days, versions, and which of them is in production.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class StoreShowCommand implements Callable<Integer> {
  private static final int LAST = 10;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Option(names = "--all", description = "All days and versions instead of the last ten.")
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
        store
            .tombstones()
            .forEach(tombstone -> console.print(Stores.indented(tombstone.certificate())));
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
      days(console, store.days());
      versions(console, store);
    }
    return 0;
  }

  private static void summary(Console console, Store store) {
    Aliases aliases = store.aliases();
    console.print(
        String.format(
            Locale.ROOT,
            "%s: %s, %d pixels, %s, %s",
            store.folder(),
            store.learnerConfig().architecture(),
            store.learnerConfig().imageSize(),
            store.learnerConfig().strategy(),
            Stores.count(store.declaredClasses().size(), "class")));
    console.print(
        "champion "
            + Stores.alias(aliases.champion())
            + ", candidate "
            + Stores.alias(aliases.candidate())
            + ", previous "
            + Stores.alias(aliases.previous()));
  }

  private void days(Console console, List<Day> days) {
    Map<DayState, Integer> states = new TreeMap<>();
    int train = 0;
    int regression = 0;
    for (Day day : days) {
      states.merge(day.state(), 1, Integer::sum);
      train += day.train();
      regression += day.regression();
    }
    List<String> counts = new ArrayList<>();
    states.forEach(
        (state, count) -> counts.add(count + " " + state.name().toLowerCase(Locale.ROOT)));
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
              day.state().name().toLowerCase(Locale.ROOT),
              day.train() + " + " + day.regression(),
              day.quarantined() + " set aside",
              day.refusal().orElse("")));
    }
    print(console, rows);
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
              Stores.count(version.knownClasses().size(), "class"),
              version.model() == Kept.KEPT
                  ? version.learner() == Kept.KEPT ? "" : "model only"
                  : "removed (" + version.model().name().toLowerCase(Locale.ROOT) + ")",
              named(aliases, version.id())));
    }
    print(console, rows);
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
