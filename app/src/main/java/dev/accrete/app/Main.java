package dev.accrete.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line: {@code accrete}. */
@Command(
    name = "accrete",
    description =
        "Continual learning: images in small batches go in, a model that has not forgotten"
            + " comes out.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Start with:  accrete demo"})
public final class Main implements Runnable {
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          RunCommand.class,
          LearnCommand.class,
          UnlearnCommand.class,
          MergeCommand.class,
          DailyCommand.class,
          StoriesCommand.class,
          TeachCommand.class,
          PredictCommand.class,
          ExportCommand.class,
          StoreCommand.class,
          IngestCommand.class,
          UpdateCommand.class,
          EvaluateCommand.class,
          PromoteCommand.class,
          RollbackCommand.class,
          HistoryCommand.class,
          ForgetCommand.class,
          ReviewCommand.class,
          PolicyCommand.class,
          ServeCommand.class,
          TokenCommand.class,
          EvalCommand.class,
          SettingsCommand.class,
          PretrainCommand.class,
          CacheCommand.class,
          InfoCommand.class,
          CompareCommand.class);

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      description = "Show the stack trace of an error.",
      scope = ScopeType.INHERIT)
  private boolean debug;

  /**
   * Runs a command and ends the process: 0 = done, 1 = failed, 2 = wrong usage, 3 = a candidate
   * that was not blessed.
   */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true"); // images are read and drawn, never shown
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(execute(out, err, args));
  }

  /** Runs a command; its result goes to {@code out}, progress and errors to {@code err}. */
  public static int execute(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    String name = Arrays.stream(args).filter(arg -> !arg.startsWith("-")).findFirst().orElse("");
    commands(name).forEach(line::addSubcommand);
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Failures::usage);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> Failures.report(failure, name, err, main.debug));
    try {
      return line.execute(args);
    } catch (Error e) { // a lack of memory, of a library or of a file's mapped end
      return Failures.report(e, name, err, main.debug);
    }
  }

  /**
   * The command of this name alone, for reading the options of all takes several times as long as
   * starting the JVM; all of them if there is none, so that the user sees which there are.
   */
  private static List<Class<?>> commands(String name) {
    List<Class<?>> named =
        COMMANDS.stream()
            .filter(type -> type.getAnnotation(Command.class).name().equals(name))
            .toList();
    return named.isEmpty() ? COMMANDS : named;
  }

  /** Without a command: says which there are. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
