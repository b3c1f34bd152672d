package dev.accrete.app;

import dev.accrete.cl.data.DataException;
import dev.accrete.core.AccreteException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How errors reach the user: one line that says what to do, and an exit status. */
final class Failures {
  private static final String PREFIX = "accrete: ";
  private static final long MIB = 1L << 20;

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

  /** A command that failed. */
  static int report(Exception failure, PrintWriter err, boolean debug) {
    boolean foreseen = failure instanceof AccreteException || failure instanceof DataException;
    err.println(
        PREFIX
            + (foreseen
                ? failure.getMessage()
                : "internal error: " + failure + (debug ? "" : "; --debug shows where")));
    if (debug) {
      failure.printStackTrace(err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** A command that ran out of memory. */
  static int outOfMemory(OutOfMemoryError failure, PrintWriter err, boolean debug) {
    err.println(
        PREFIX
            + "out of memory ("
            + failure.getMessage()
            + ", the heap may grow to "
            + Runtime.getRuntime().maxMemory() / MIB
            + " MiB): allow more with ACCRETE_JAVA_OPTS=-Xmx8g, or use a smaller --image-size,"
            + " model or --hyper mini-batch=N. What was saved is intact: go on with --resume");
    if (debug) {
      failure.printStackTrace(err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
