package dev.accrete.app;

import dev.accrete.cl.run.ShellWords;
import dev.accrete.core.Backend;
import dev.accrete.production.gate.Evaluated;
import dev.accrete.production.gate.Evaluator;
import dev.accrete.production.gate.Finding;
import dev.accrete.production.ingest.OneClassSource;
import dev.accrete.production.serve.workshop.Teaching;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Quarantined;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.UpdateOptions;
import dev.accrete.production.store.Version;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete teach}. */
@Command(
    name = "teach",
    description =
        "Teaches a store a class, new or known: the images come in as a day of their own, are"
            + " learned alone on top of the champion, judged by the store's policy, and go into"
            + " production if they are blessed. Exit status 3 if not; the champion then stays.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class TeachCommand implements Callable<Integer> {
  private static final int SHOWN = 5;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "CLASS", description = "The name of the class.")
  private String label;

  @Parameters(
      index = "2",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Folders, .zip files or image files; all images in them are of the class.")
  private List<Path> places;

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      description = "Whom or what they show, so that it can be forgotten.")
  private @Nullable String subject;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    engine.prepare();
    Console console = Console.of(spec);
    try (Store store = Stores.open(folder);
        Backend backend = engine.open();
        Progress progress = new Progress(console)) {
      UpdateOptions options =
          UpdateOptions.by(Stores.actor()).announcing(plan -> console.note(Stores.planned(plan)));
      Teaching teaching = new Teaching(store, backend, options, progress.images("class " + label));
      DayReport lesson =
          teaching.takeIn(
              new OneClassSource(
                  Teaching.day(Clock.systemUTC()), label, Optional.ofNullable(subject), places));
      takenIn(console, lesson);
      Version version = teaching.learn(lesson);
      console.print(Stores.made(version));
      OptionalInt champion = store.aliases().champion();
      if (!judge(console, store, backend, progress, version)) {
        console.print(stays(champion, version));
        return EvaluateCommand.NOT_BLESSED;
      }
      store.promote(version.id(), Promotion.by(Stores.actor()).because("taught " + label));
      console.print("version " + version.id() + " is in production");
    }
    return 0;
  }

  private void takenIn(Console console, DayReport lesson) {
    console.print(
        "day "
            + lesson.day().name()
            + ": "
            + Stores.count(lesson.day().train(), "image")
            + " of "
            + label
            + (lesson.newClasses().isEmpty() ? "" : ", a new class,")
            + " to learn, "
            + lesson.day().regression()
            + " for the regression set, "
            + lesson.quarantine().size()
            + " set aside");
    List<Quarantined> aside = lesson.quarantine();
    aside.stream()
        .limit(SHOWN)
        .forEach(image -> console.print("  set aside: " + Teaching.line(image)));
    if (aside.size() > SHOWN) {
      console.print("  and " + (aside.size() - SHOWN) + " more");
    }
  }

  private boolean judge(
      Console console, Store store, Backend backend, Progress progress, Version version) {
    Evaluated done =
        new Evaluator(store, store.policy(), backend, engine.launch(), progress.images("the gate"))
            .evaluate(version.id());
    boolean blessed = done.verdict().blessed();
    console.print(
        "the gate: "
            + (blessed ? "blessed" : "NOT BLESSED")
            + ", "
            + done.verdict().basis()
            + "; card: "
            + done.card());
    done.verdict().reasons().stream()
        .map(Finding::text)
        .forEach(reason -> console.print("  " + reason));
    done.verdict().warnings().stream()
        .map(Finding::text)
        .forEach(warning -> console.print("  warning: " + warning));
    return blessed;
  }

  private String stays(OptionalInt champion, Version version) {
    return (champion.isPresent()
            ? "version " + champion.getAsInt() + " stays in production"
            : "nothing is in production")
        + "; to overrule the gate: accrete promote "
        + ShellWords.quote(folder.toString())
        + " "
        + version.id()
        + " --force --reason WHY";
  }
}
