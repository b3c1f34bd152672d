package dev.accrete.app;

import dev.accrete.core.Backend;
import dev.accrete.production.drift.DriftMonitor;
import dev.accrete.production.drift.DriftReport;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.policy.IngestPolicy;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Quarantined;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete ingest}. */
@Command(
    name = "ingest",
    description =
        "Takes a day's labelled images in: all of them or none. The same day again changes nothing;"
            + " a corrected one of the same name replaces it. Exit status 1 if the day is refused.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class IngestCommand implements Callable<Integer> {
  private static final int SHOWN = 12;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SOURCE",
      description =
          "A folder of class folders, a ZIP of them, a folder with train/ and test/, or a CSV with"
              + " the header path,label[,subject][,...].")
  private @Nullable Path source;

  @Option(
      names = "--feedback",
      description =
          "Instead of a SOURCE: the labels that came for answers whose images are kept, as a day"
              + " called feedback-DATE. Each comes in once, the last one of an answer counts.")
  private boolean feedback;

  @Option(
      names = "--day",
      paramLabel = "NAME",
      description = "The day's name. Default: that of the source.")
  private @Nullable String day;

  @Option(names = "--new-classes", description = "Labels that are not declared become classes.")
  private boolean newClasses;

  @Option(names = "--readmit", description = "Takes back images that were forgotten on request.")
  private boolean readmit;

  @Option(
      names = "--accept-drift",
      description =
          "Takes the day in however much it differs from the days before; what differs is said all"
              + " the same.")
  private boolean acceptDrift;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    engine.prepare();
    if (feedback == (source != null)) {
      throw new ParameterException(spec.commandLine(), "name either a SOURCE or --feedback");
    }
    if (feedback && day != null) {
      throw new ParameterException(
          spec.commandLine(), "--day names the day of a SOURCE; those of --feedback have names");
    }
    Console console = Console.of(spec);
    try (Store store = Stores.open(folder);
        Progress progress = new Progress(console)) {
      boolean allowed = store.policy().ingest().newClasses() == IngestPolicy.NewClasses.ALLOW;
      IngestOptions options =
          new IngestOptions(Optional.ofNullable(day), newClasses || allowed, readmit);
      boolean refused = false;
      for (Source from : sources(store, options, console)) {
        DayReport report = ingest(store, from, options, progress);
        print(console, report);
        refused |= report.day().state() == DayState.REFUSED;
      }
      return refused ? 1 : 0;
    }
  }

  private List<Source> sources(Store store, IngestOptions options, Console console) {
    if (source != null) {
      return List.of(Source.of(source));
    }
    List<Source> days = store.feedbackDays(options.newClasses());
    if (days.isEmpty()) {
      console.print("no label waits: nothing to take in");
    }
    int lost = store.waitingFeedback().lost();
    if (lost > 0) {
      console.print(Stores.count(lost, "label") + " came for images that are not kept: left out");
    }
    return days;
  }

  private DayReport ingest(Store store, Source from, IngestOptions options, Progress progress) {
    try (Backend backend = engine.open()) {
      DriftMonitor monitor = new DriftMonitor(store, store.policy().ingest(), backend);
      return store.ingest(
          from,
          options,
          acceptDrift ? monitor.accepting() : monitor,
          progress.images(options.day().orElse(from.day())));
    }
  }

  private static void print(Console console, DayReport report) {
    if (!report.changed() && report.day().state() != DayState.REFUSED) {
      console.print(
          "day "
              + report.day().name()
              + " is here already, with just these images: nothing changed");
      return;
    }
    if (report.day().state() == DayState.REFUSED) {
      console.print(
          "day "
              + report.day().name()
              + " is REFUSED: "
              + report.day().refusal().orElse("see below"));
    } else {
      accepted(console, report);
    }
    setAside(console, report);
    report
        .day()
        .drift()
        .map(DriftReport::ofJson)
        .ifPresent(drift -> drift.reasons().forEach(reason -> console.print("  drift: " + reason)));
    if (!report.ignored().isEmpty()) {
      List<String> kinds = new ArrayList<>();
      new TreeMap<>(report.ignored()).forEach((kind, count) -> kinds.add(count + " " + kind));
      console.print("  not images: " + String.join(", ", kinds));
    }
  }

  private static void accepted(Console console, DayReport report) {
    console.print(
        "day "
            + report.day().name()
            + (report.day().revision() > 1 ? ", revision " + report.day().revision() : "")
            + ": "
            + Stores.count(report.day().train(), "image")
            + " to learn, "
            + report.day().regression()
            + " for the regression set, "
            + report.quarantine().size()
            + " set aside");
    if (report.day().revision() > 1) {
      console.print(
          "  "
              + report.added()
              + " new, "
              + report.replaced()
              + " not there any more, "
              + report.relabelled()
              + " with another label, "
              + report.moved()
              + " moved between training and test");
    }
    if (!report.newClasses().isEmpty()) {
      console.print("  new classes: " + String.join(", ", report.newClasses()));
    }
    TreeSet<String> classes = new TreeSet<>(report.train().keySet());
    classes.addAll(report.regression().keySet());
    List<String> counts = new ArrayList<>();
    for (String name : classes) {
      int train = report.train().getOrDefault(name, 0);
      counts.add(name + " " + train + "+" + report.regression().getOrDefault(name, 0));
    }
    console.print(
        "  "
            + String.join(", ", counts.stream().limit(SHOWN).toList())
            + (counts.size() > SHOWN ? " and " + (counts.size() - SHOWN) + " more classes" : ""));
  }

  private static void setAside(Console console, DayReport report) {
    for (Map.Entry<Reason, Integer> reason : report.reasons().entrySet()) {
      Quarantined example =
          report.quarantine().stream()
              .filter(image -> image.reason() == reason.getKey())
              .findFirst()
              .orElseThrow();
      console.print(
          "  set aside: "
              + reason.getValue()
              + " "
              + reason.getKey().meaning()
              + ", such as "
              + example.name()
              + (example.detail().isEmpty() ? "" : " (" + example.detail() + ")"));
    }
  }
}
