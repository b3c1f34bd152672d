package dev.accrete.app;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.production.store.ForgetReport;
import dev.accrete.production.store.ForgetRequest;
import dev.accrete.production.store.ForgetRequest.What;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
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
            + " one without them takes its place. A certificate stays.",
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

  @Option(names = "--backend", defaultValue = Backends.AUTO, description = "Default: auto.")
  private String backend;

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
    Console console = Console.of(spec);
    try (Store store = Stores.open(folder);
        Backend engine = Backends.create(backend, BackendOptions.defaults());
        Progress progress = new Progress(console)) {
      ForgetReport report =
          store.forget(
              request(),
              engine,
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
    return 0;
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
