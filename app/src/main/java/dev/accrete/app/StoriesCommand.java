package dev.accrete.app;

import dev.accrete.nn.io.AtomicFiles;
import dev.accrete.production.daily.StoryComparison;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete stories}: simulated productions beside each other. */
@Command(
    name = "stories",
    description =
        "Compares folders of 'accrete daily --simulate': a table here, and a page with the accuracy"
            + " of the model in production by day.",
    mixinStandardHelpOptions = true)
final class StoriesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "What --out was there.")
  private List<Path> folders;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "The page. Default: ${DEFAULT-VALUE}.",
      defaultValue = "stories.html")
  private Path page;

  @Override
  public Integer call() {
    StoryComparison comparison =
        new StoryComparison(folders.stream().map(StoryComparison.Story::read).toList());
    AtomicFiles.write(
        page, List.of(comparison.html("Models in production").getBytes(StandardCharsets.UTF_8)));
    Console console = Console.of(spec);
    comparison.table().forEach(console::print);
    console.print("page: " + page);
    return 0;
  }
}
