package dev.accrete.app;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress and remarks
 * @param live whether a person watches, so that a line may be drawn over
 */
record Console(PrintWriter out, PrintWriter err, boolean live) {
  @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
  static Console of(CommandSpec spec) {
    java.io.Console terminal = System.console();
    boolean live = terminal != null && terminal.isTerminal() && System.getenv("CI") == null;
    return new Console(spec.commandLine().getOut(), spec.commandLine().getErr(), live);
  }

  void print(String text) {
    out.println(text);
    out.flush();
  }

  void note(String text) {
    err.println(text);
    err.flush();
  }
}
