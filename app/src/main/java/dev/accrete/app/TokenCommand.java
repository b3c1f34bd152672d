package dev.accrete.app;

import dev.accrete.production.serve.http.Tokens;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete token}. */
@Command(
    name = "token",
    description =
        "Makes a token for clients of accrete serve. It is printed once; the file keeps its hash. A"
            + " line that is removed from the file takes the token away, without a restart.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class TokenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      required = true,
      description = "Made, readable by its owner alone, if there is none.")
  private Path file;

  @Parameters(
      index = "0",
      paramLabel = "ROLE",
      description =
          "predict (ask and look), teach (also correct, teach and forget), or operate (also decide"
              + " which version answers).")
  private String role;

  @Parameters(index = "1", paramLabel = "NAME", description = "Stands in the ledger.")
  private String name;

  @Override
  public Integer call() {
    Console console = Console.of(spec);
    String token = Failures.settings(spec, () -> Tokens.make(file, role, name));
    console.print(token);
    console.note("may " + role + " as '" + name + "'; keep it, " + file + " holds its hash alone");
    return 0;
  }
}
