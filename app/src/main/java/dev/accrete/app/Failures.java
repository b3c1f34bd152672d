package dev.accrete.app;

import dev.accrete.cl.data.DataException;
import dev.accrete.core.AccreteException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How errors reach the user: one line that says what to do, and an exit status. */
final class Failures {
  private static final String PREFIX = "accrete: ";
  private static final long MIB = 1L << 20;

  /** Where images are read: what is short of memory there is not helped by a smaller mini-batch. */
  private static final List<String> DECODING =
      List.of("dev.accrete.cl.data.", "dev.accrete.nn.image.", "javax.imageio.", "java.awt.image.");

  private Failures() {}

  /** A wrong command line. */
  static int usage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(PREFIX + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  /**
   * Whatever a command makes of its options goes through here: an argument that is refused is then
   * a wrong command line, wherever in the library the refusal comes from.
   */
  static <T> T settings(CommandSpec spec, Supplier<T> settings) {
    try {
      return settings.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The same of a check. */
  static void require(CommandSpec spec, Runnable check) {
    settings(
        spec,
        () -> {
          check.run();
          return true;
        });
  }

  /**
   * A command that failed.
   *
   * @param command its name, as the first argument tells it
   */
  static int report(Throwable thrown, String command, PrintWriter err, boolean debug) {
    Throwable failure = cause(thrown);
    err.println(PREFIX + message(failure, command, debug));
    if (debug) {
      failure.printStackTrace(err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** What failed in another thread comes wrapped. */
  private static Throwable cause(Throwable thrown) {
    Throwable cause = thrown.getCause();
    boolean wrapped = thrown instanceof CompletionException || thrown instanceof ExecutionException;
    return wrapped && cause != null ? cause(cause) : thrown;
  }

  private static String message(Throwable failure, String command, boolean debug) {
    if (failure instanceof AccreteException || failure instanceof DataException) {
      return String.valueOf(failure.getMessage());
    }
    if (failure instanceof OutOfMemoryError error) {
      return outOfMemory(error, command);
    }
    return "internal error: " + failure + (debug ? "" : "; --debug shows where");
  }

  private static String outOfMemory(OutOfMemoryError error, String command) {
    String detail = String.valueOf(error.getMessage());
    if (detail.contains("native thread")) {
      return "no more threads could be started ("
          + detail
          + "): use fewer with --threads, or allow more (ulimit -u, the limit of the container). "
          + kept(command);
    }
    boolean decoding =
        Arrays.stream(error.getStackTrace())
            .map(StackTraceElement::getClassName)
            .anyMatch(name -> DECODING.stream().anyMatch(name::startsWith));
    return "out of memory "
        + (decoding ? "while reading images (" : "(")
        + detail
        + ", the heap may grow to "
        + Runtime.getRuntime().maxMemory() / MIB
        + " MiB): allow more with ACCRETE_JAVA_OPTS=-Xmx8g"
        + (decoding ? ", or scale the largest images down. " : ", or " + smaller(command) + ". ")
        + kept(command);
  }

  private static String smaller(String command) {
    return command.equals("pretrain")
        ? "use smaller images (--phases), a smaller model or --mini-batch"
        : "use a smaller --image-size, model or --hyper mini-batch=N";
  }

  private static String kept(String command) {
    return switch (command) {
      case "run", "demo" -> "What was saved is intact: go on with accrete run --resume --out DIR";
      case "pretrain" -> "What was saved is intact: the same command goes on with it";
      default -> "Nothing was changed";
    };
  }
}
