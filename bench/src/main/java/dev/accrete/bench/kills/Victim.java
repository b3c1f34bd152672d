package dev.accrete.bench.kills;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code accrete} in a process of its own, to its end or until it is killed. */
final class Victim {
  private final Path log;
  private final List<String> launch;

  /**
   * A runner of processes on the class path and with the options of this one.
   *
   * @param log gets what the last process said
   */
  Victim(Path log) {
    this.log = log;
    launch = new ArrayList<>();
    launch.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    launch.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    launch.add("-cp");
    launch.add(System.getProperty("java.class.path"));
    launch.add("dev.accrete.app.Main");
  }

  /**
   * Runs a command to its end.
   *
   * @return how long it took
   * @throws AccreteException with what it said if its exit status is neither 0 nor 3
   */
  Duration run(String... arguments) throws IOException, InterruptedException {
    long began = System.nanoTime();
    int status = start(arguments).waitFor();
    if (status != 0 && status != 3) {
      throw failed(status, arguments);
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /**
   * Runs a command and kills it after a while, as {@code kill -9} does.
   *
   * @return whether it was killed; false if it was over before
   * @throws AccreteException with what it said if it ended by itself with a status other than 0 or
   *     3
   */
  boolean runAndKill(Duration after, String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    if (process.waitFor(after.toNanos(), TimeUnit.NANOSECONDS)) {
      if (process.exitValue() != 0 && process.exitValue() != 3) {
        throw failed(process.exitValue(), arguments);
      }
      return false;
    }
    process.destroyForcibly().waitFor();
    return true;
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(launch);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Redirect.to(log.toFile()))
        .start();
  }

  private AccreteException failed(int status, String... arguments) throws IOException {
    return new AccreteException(
        "accrete "
            + String.join(" ", arguments)
            + " ended with status "
            + status
            + ":\n"
            + Files.readString(log).strip());
  }
}
