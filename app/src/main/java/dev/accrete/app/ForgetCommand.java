package dev.accrete.app;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.serve.workshop.StoreShelf;
import dev.accrete.production.store.ForgetReport;
import dev.accrete.production.store.ForgetRequest;
import dev.accrete.production.store.ForgetRequest.What;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete forget}. */
@Command(
    name = "forget",
    description =
        "Removes images for good: originals, pixels, what is known of them, answers given for them,"
            + " pages that may show them, and every version that learned them. If the champion did,"
            + " one without them takes its place. A certificate stays. A subject is forgotten in the"
            + " classifiers beside the store, too, that clients of accrete serve have made.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class ForgetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store's folder.")
  private Path folder;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Wanted wanted = new Wanted();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Stands in the ledger and in the certificate.")
  private String reason;

  @Option(
      names = "--classifiers",
      paramLabel = "DIR",
      description =
          "Where classifiers are kept that clients made. Default: the store's name with"
              + " .classifiers behind it.")
  private @Nullable Path classifiers;

  @Mixin private EngineOptions engine;

  /** One of three kinds of things. */
  private static final class Wanted {
    @Option(
        names = "--image",
        paramLabel = "SHA256",
        description = "One image, by the digest of its file or the beginning of it.")
    private @Nullable String image;

    @Option(names = "--subject", paramLabel = "NAME", description = "All images of a subject.")
    private @Nullable String subject;

    @Option(names = "--class", paramLabel = "NAME", description = "A class and all its images.")
    private @Nullable String name;
  }

  @Override
  public Integer call() {
    engine.prepare();
    Console console = Console.of(spec);
    ForgetRequest request = request();
    try (Store store = Stores.open(folder);
        Backend backend = engine.open();
        Progress progress = new Progress(console)) {
      List<String> failures = new ArrayList<>();
      boolean elsewhere =
          request.what() == What.SUBJECT
              && inClassifiers(request, backend, console, progress, failures);
      if (store.knowsSubject(request.value()) || (!elsewhere && failures.isEmpty())) {
        forget(store, request, backend, console, progress);
      }
      if (!failures.isEmpty()) {
        throw new AccreteException(
            "not forgotten everywhere, do it again when this is mended: "
                + String.join("; ", failures));
      }
    }
    return 0;
  }

  /**
   * The same in every classifier; whether one held something.
   *
   * @param failures takes what is wrong with those that cannot be opened, or in which it failed
   */
  private boolean inClassifiers(
      ForgetRequest request,
      Backend backend,
      Console console,
      Progress progress,
      List<String> failures) {
    Path shelf = classifiers == null ? Stores.classifiers(folder) : classifiers;
    boolean any = false;
    for (String name : StoreShelf.names(shelf)) {
      try (Store store = Stores.open(shelf.resolve(name))) {
        if (store.knowsSubject(request.value())) {
          console.print("classifier " + name + ":");
          forget(store, request, backend, console, progress);
          any = true;
        }
      } catch (AccreteException e) {
        failures.add("classifier " + name + ": " + e.getMessage());
      }
    }
    return any;
  }

  private static void forget(
      Store store, ForgetRequest request, Backend backend, Console console, Progress progress) {
    ForgetReport report =
        store.forget(
            request,
            backend,
            plan -> console.note(Stores.planned(plan)),
            progress.images("the store"));
    console.print(
        Stores.count(report.images(), "image")
            + (report.answers() > 0
                ? " and " + Stores.count(report.answers(), "answer") + " forgotten"
                : " forgotten")
            + (report.removed().isEmpty()
                ? "; no version had learned from them"
                : "; removed: version " + numbers(report.removed())));
    report
        .version()
        .ifPresent(
            version -> console.print(Stores.made(version) + "; it is in production instead"));
    console.print("certificate " + report.tombstone().id() + ":");
    console.print(Stores.indented(report.tombstone().certificate()));
  }

  private static String numbers(List<Integer> versions) {
    return String.join(", ", versions.stream().map(String::valueOf).toList());
  }

  private ForgetRequest request() {
    String image = wanted.image;
    String subject = wanted.subject;
    String name = wanted.name;
    if (image != null) {
      return new ForgetRequest(What.IMAGE, image, Stores.actor(), reason);
    }
    if (subject != null) {
      return new ForgetRequest(What.SUBJECT, subject, Stores.actor(), reason);
    }
    return new ForgetRequest(What.CLASS, name == null ? "" : name, Stores.actor(), reason);
  }
}
