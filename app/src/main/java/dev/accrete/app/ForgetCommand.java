package dev.accrete.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.accrete.cl.run.ShellWords;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.serve.workshop.StoreShelf;
import dev.accrete.production.store.ForgetReport;
import dev.accrete.production.store.ForgetRequest;
import dev.accrete.production.store.ForgetRequest.What;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.Tombstone;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete forget}. */
@Command(
    name = "forget",
    description =
        "Removes images for good: originals, pixels, what is known of them, answers given for them,"
            + " pages that may show them, and every version that learned them. If the champion did,"
            + " one without them takes its place. A certificate stays: --certificates lists them. A"
            + " subject is forgotten in the classifiers beside the store, too, that clients of"
            + " accrete serve have made.",
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
      description = "Stands in the ledger and in the certificate; needed to forget.")
  private @Nullable String reason;

  @Option(
      names = "--classifiers",
      paramLabel = "DIR",
      description =
          "Where classifiers are kept that clients made. Default: the store's name with"
              + " .classifiers behind it.")
  private @Nullable Path classifiers;

  @Mixin private EngineOptions engine;

  /** One of three kinds of things, or what is left of those that went. */
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

    @Option(
        names = "--certificates",
        description = "Forgets nothing; lists the certificates of what was forgotten.")
    private boolean list;

    @Option(
        names = "--certificate",
        paramLabel = "N",
        description = "Forgets nothing; prints one certificate.")
    private @Nullable Long certificate;
  }

  @Override
  public Integer call() {
    Console console = Console.of(spec);
    if (wanted.list || wanted.certificate != null) {
      try (Store store = Stores.openWithoutPolicy(folder)) {
        certificates(console, store.tombstones());
      }
      return 0;
    }
    String why =
        Optional.ofNullable(reason)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(), "say why with --reason: it stands in the ledger"));
    ForgetRequest request = request(why);
    engine.prepare();
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
    console.print(
        "certificate "
            + report.tombstone().id()
            + " (accrete forget "
            + ShellWords.quote(store.folder().toString())
            + " --certificate "
            + report.tombstone().id()
            + " prints it again):");
    console.print(Stores.indented(report.tombstone().certificate()));
  }

  private void certificates(Console console, List<Tombstone> tombstones) {
    Long one = wanted.certificate;
    if (one != null) {
      Tombstone found =
          tombstones.stream()
              .filter(tombstone -> tombstone.id() == one)
              .findFirst()
              .orElseThrow(
                  () ->
                      new AccreteException(
                          "there is no certificate "
                              + one
                              + (tombstones.isEmpty()
                                  ? ": nothing was forgotten"
                                  : ": the latest is " + tombstones.getLast().id())));
      console.print(Stores.indented(found.certificate()));
      return;
    }
    if (tombstones.isEmpty()) {
      console.print("nothing was forgotten");
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("certificate", "at", "what", "images", "reason"));
    for (Tombstone tombstone : tombstones) {
      JsonNode certificate = Stores.json(tombstone.certificate());
      rows.add(
          List.of(
              Long.toString(tombstone.id()),
              tombstone.at().truncatedTo(ChronoUnit.SECONDS).toString(),
              certificate.path("what").asText() + " " + certificate.path("value").asText(),
              certificate.path("images").asText(),
              certificate.path("reason").asText()));
    }
    StoreShowCommand.print(console, rows);
  }

  private static String numbers(List<Integer> versions) {
    return String.join(", ", versions.stream().map(String::valueOf).toList());
  }

  private ForgetRequest request(String why) {
    String image = wanted.image;
    String subject = wanted.subject;
    String name = wanted.name;
    if (image != null) {
      return new ForgetRequest(What.IMAGE, image, Stores.actor(), why);
    }
    if (subject != null) {
      return new ForgetRequest(What.SUBJECT, subject, Stores.actor(), why);
    }
    return new ForgetRequest(What.CLASS, name == null ? "" : name, Stores.actor(), why);
  }
}
