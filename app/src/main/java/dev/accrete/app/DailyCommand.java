package dev.accrete.app;

import dev.accrete.cl.run.FolderLock;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.daily.DailyLoop;
import dev.accrete.production.daily.DayOutcome;
import dev.accrete.production.daily.Inbox;
import dev.accrete.production.daily.Notifier;
import dev.accrete.production.drift.DriftMonitor;
import dev.accrete.production.gate.Evaluator;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.policy.IngestPolicy;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete daily}: the whole loop, for cron. */
@Command(
    name = "daily",
    description =
        "Takes a day of the labels that came for answers, unless the policy says otherwise, and"
            + " every day of an inbox through to its end: in unless it drifted too far, learned,"
            + " judged, promoted if it is blessed. Days that are over are left alone, and what was"
            + " interrupted is ended. Exit status 3 if a day was refused or blocked now, or could"
            + " not be read; the other days go on.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class DailyCommand implements Callable<Integer> {
  private static final int NOT_ALL = 3;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "STORE",
      description = "The store's folder.")
  private @Nullable Path folder;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "INBOX",
      description =
          "A folder in which every folder, .zip or .csv is a day, in the order of their names; what"
              + " begins with . or _ or ends in .part or .tmp is left alone.")
  private @Nullable Path inbox;

  @Option(
      names = "--retrain-every",
      paramLabel = "K",
      description =
          "After every K-th day that was learned, let a fresh learner learn everything that is"
              + " kept; it is judged like any candidate. Default: as the policy says.")
  private @Nullable Integer retrainEvery;

  @Option(
      names = "--new-classes",
      description =
          "Labels that are not declared become classes. Default: as the policy says; the first day"
              + " declares all its own.")
  private boolean newClasses;

  @Option(names = "--json", description = "One JSON object for each day, in a line.")
  private boolean json;

  @Mixin private EngineOptions engine;

  @Mixin private SimulationMixin simulation;

  @Override
  public Integer call() {
    engine.prepare();
    if (simulation.wanted()) {
      if (folder != null || inbox != null) {
        throw new ParameterException(
            spec.commandLine(),
            "--simulate makes a store and days of its own: leave STORE and INBOX out, name --out");
      }
      return simulation.play(spec, engine, retrainEvery);
    }
    if (folder == null || inbox == null) {
      throw new ParameterException(
          spec.commandLine(),
          "name a STORE and an INBOX, or --simulate for a story without either");
    }
    simulation.refuseUnused(spec);
    return run(folder, inbox);
  }

  private int run(Path home, Path days) {
    Console console = Console.of(spec);
    Inbox found = Inbox.of(days);
    found
        .passedOver()
        .forEach(name -> console.note("passed over: " + name + " is no folder, .zip or .csv"));
    try (Store store = Stores.open(home);
        FolderLock _ = FolderLock.of(store.folder(), "daily.lock")) {
      Policy policy = store.policy();
      Notifier notifier = new Notifier(policy.notification());
      try {
        return run(store, policy, found, notifier, console) ? 0 : NOT_ALL;
      } catch (AccreteException e) {
        notifier.tell(DayOutcome.stopped(String.valueOf(e.getMessage()))).forEach(console::note);
        throw e;
      }
    }
  }

  /** Whether nothing is to be looked at. */
  private boolean run(Store store, Policy policy, Inbox inbox, Notifier notifier, Console console) {
    boolean all = true;
    try (Backend backend = engine.open();
        Progress progress = new Progress(console)) {
      OptionalInt every =
          retrainEvery == null ? policy.retrain().every() : OptionalInt.of(retrainEvery);
      Evaluator gate =
          new Evaluator(
              store, policy, backend, engine.launch(scratch(store)), progress.images("the gate"));
      DailyLoop loop =
          new DailyLoop(
              store,
              backend,
              (where, candidate) -> gate.evaluate(candidate).verdict(),
              new DriftMonitor(store, policy.ingest(), backend),
              progress.images("the store"));
      OptionalInt begun = loop.settle();
      if (begun.isPresent()) {
        all = store.aliases().champion().equals(begun);
        console.note(
            "ended what was begun: version "
                + begun.getAsInt()
                + (all ? " is in production" : " was not blessed"));
      }
      OptionalInt last = begun;
      for (Source day : days(store, policy, inbox, console)) {
        DayOutcome outcome = loop.run(day, options(policy));
        report(outcome, notifier, console);
        all &= !outcome.alarms();
        boolean learned =
            outcome.kind() == DayOutcome.Kind.PROMOTED && !outcome.version().equals(last);
        last = outcome.version().isPresent() ? outcome.version() : last;
        if (learned && every.isPresent() && isDue(store, every.getAsInt())) {
          console.note(
              loop.retrain()
                  ? "re-trained on everything that is kept; it is in production"
                  : "re-trained on everything that is kept; the champion stays");
        }
      }
    }
    return all;
  }

  /** Corrections of answers, then what lies in the inbox. */
  private List<Source> days(Store store, Policy policy, Inbox inbox, Console console) {
    List<Source> days = new ArrayList<>();
    if (policy.serve().feedbackDays()) {
      days.addAll(store.feedbackDays(options(policy).newClasses()));
      int lost = store.waitingFeedback().lost();
      if (!days.isEmpty() && lost > 0) {
        console.note(Stores.count(lost, "label") + " came for images that are not kept: left out");
      }
    }
    days.addAll(inbox.days());
    return days;
  }

  private IngestOptions options(Policy policy) {
    IngestOptions options = IngestOptions.defaults();
    return newClasses || policy.ingest().newClasses() == IngestPolicy.NewClasses.ALLOW
        ? options.withNewClasses()
        : options;
  }

  /** Every so many days that went into production. */
  private static boolean isDue(Store store, int every) {
    if (every < 1) {
      throw new AccreteException("--retrain-every is " + every + ", must be at least 1");
    }
    long learned = store.versions().stream().filter(version -> !version.days().isEmpty()).count();
    return learned % every == 0;
  }

  private static Path scratch(Store store) {
    Path folder = store.folder().resolve("tmp");
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AccreteException("cannot make the folder " + folder + ": " + e, e);
    }
  }

  private void report(DayOutcome outcome, Notifier notifier, Console console) {
    console.print(json ? Notifier.json(outcome) : outcome.line());
    notifier.tell(outcome).forEach(console::note);
  }
}
