package dev.accrete.app;

import dev.accrete.cl.run.RunComparison;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete compare}: whether two runs ended in the same bits. */
@Command(
    name = "compare",
    description =
        "Compares two finished runs: batches.csv byte for byte without the seconds, and the digests"
            + " of the final states. Ends with 1 if they differ.",
    mixinStandardHelpOptions = true,
    hidden = true)
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "A run.")
  private Path first;

  @Parameters(index = "1", paramLabel = "DIR", description = "Another run.")
  private Path second;

  @Override
  public Integer call() {
    List<String> differences = RunComparison.differences(first, second);
    Console console = Console.of(spec);
    differences.forEach(console::print);
    if (differences.isEmpty()) {
      console.print("identical");
    }
    return differences.isEmpty() ? 0 : 1;
  }
}
