package dev.accrete.app;

import dev.accrete.production.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete policy}. */
@Command(
    name = "policy",
    description =
        "Checks a policy, the file that says what days and versions of a store must be. Without a"
            + " file: prints the default one, with every key explained.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class PolicyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "A policy, or a store whose policy is meant.")
  private @Nullable Path file;

  @Option(names = "--full", description = "Prints the policy with every key, those left out too.")
  private boolean full;

  @Override
  public Integer call() {
    Console console = Console.of(spec);
    if (file == null) {
      console.print(Policy.DEFAULT.toYaml().stripTrailing());
      return 0;
    }
    Path named = Files.isDirectory(file) ? file.resolve(Policy.FILE) : file;
    Policy policy = Policy.read(named);
    console.print(
        full
            ? policy.toYaml().stripTrailing()
            : named
                + " is sound"
                + (policy.equals(Policy.DEFAULT) ? "; it says what is the default" : ""));
    return 0;
  }
}
