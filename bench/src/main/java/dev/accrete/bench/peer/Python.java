package dev.accrete.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs Python programs that need torch. */
final class Python {
  /** Debian's torch belongs to its own Python, which need not be the first on the path. */
  private static final List<String> INTERPRETERS = List.of("/usr/bin/python3", "python3");

  private static final long MINUTES_ALLOWED = 3;

  private static Optional<Answer> withTorch = Optional.empty();

  private Python() {}

  /**
   * Which Python did it.
   *
   * @param interpreter empty if none could
   * @param failures why the others could not
   */
  record Answer(Optional<String> interpreter, List<String> failures) {}

  /** The first Python that can import torch, which takes seconds: asked once. */
  static synchronized Answer withTorch() throws IOException, InterruptedException {
    if (withTorch.isEmpty()) {
      withTorch = Optional.of(run(List.of("-c", "import torch")));
    }
    return withTorch.get();
  }

  /** Runs a program with the first Python that can. */
  static Answer run(List<String> arguments) throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    for (String interpreter : INTERPRETERS) {
      Optional<String> failure = run(interpreter, arguments);
      if (failure.isEmpty()) {
        return new Answer(Optional.of(interpreter), failures);
      }
      failures.add(interpreter + ": " + failure.get());
    }
    return new Answer(Optional.empty(), failures);
  }

  /** Returns why it failed, or empty if it did not. */
  private static Optional<String> run(String interpreter, List<String> arguments)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("accrete-python", ".log");
    try {
      List<String> command = new ArrayList<>(List.of(interpreter));
      command.addAll(arguments);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = process.waitFor(MINUTES_ALLOWED, TimeUnit.MINUTES);
      process.destroyForcibly();
      if (!ended) {
        return Optional.of("took more than " + MINUTES_ALLOWED + " minutes");
      }
      return process.exitValue() == 0 ? Optional.empty() : Optional.of(lastLine(log));
    } catch (IOException e) {
      // There is no such program, most likely; the next name may exist.
      return Optional.of(String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "failed and printed nothing" : lines.getLast();
  }
}
