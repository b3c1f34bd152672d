package dev.accrete.bench.work;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * An engine as a process to start: our own or a peer.
 *
 * @param launcher the program to start and its options
 * @param work what it runs; three arguments follow, those of {@link Worker#run}
 * @param environment what it needs beside the environment of this JVM
 */
public record Contender(List<String> launcher, List<String> work, Map<String, String> environment)
    implements Measurer {
  private static final long MINUTES_ALLOWED = 15;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whoever interrupts the parent wants the children gone too. */
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  public Contender {
    launcher = List.copyOf(launcher);
    work = List.copyOf(work);
    environment = Map.copyOf(environment);
  }

  /** A class with a main method under this JVM, with the options of this JVM. */
  public static Contender java(String mainClass, String classPath) {
    List<String> launcher = new ArrayList<>();
    launcher.add(
        Path.of(System.getProperty("java.home")).resolve("bin").resolve("java").toString());
    launcher.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    return new Contender(launcher, List.of("-cp", classPath, mainClass), Map.of());
  }

  /** This with one more option for the launcher. */
  public Contender withOption(String option) {
    List<String> options = new ArrayList<>(launcher);
    options.add(option);
    return new Contender(options, work, environment);
  }

  /** This with more environment. */
  public Contender withEnvironment(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Contender(launcher, work, all);
  }

  /**
   * Starts a process, lets it measure and waits for it.
   *
   * @throws AccreteException if it fails or takes too long, with the end of what it printed
   */
  @Override
  public Measurement measure(Task task) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("accrete-bench");
    Path question = folder.resolve("task.json");
    Path answer = folder.resolve("measurement.json");
    Path log = folder.resolve("log.txt");
    try {
      JSON.writeValue(question.toFile(), task);
      await(start(question, answer, log), log);
      return JSON.readValue(answer.toFile(), Measurement.class);
    } finally {
      for (Path file : List.of(question, answer, log, folder)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Process start(Path question, Path answer, Path log) throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.addAll(work);
    command.addAll(List.of(question.toString(), answer.toString()));
    command.add(Long.toString(System.currentTimeMillis()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return builder.start();
  }

  private void await(Process process, Path log) throws IOException, InterruptedException {
    ALIVE.add(process);
    boolean ended;
    try {
      ended = process.waitFor(MINUTES_ALLOWED, TimeUnit.MINUTES);
    } finally {
      process.destroyForcibly();
      ALIVE.remove(process);
    }
    if (!ended || process.exitValue() != 0) {
      throw new AccreteException(
          work.getLast()
              + (ended
                  ? " failed with exit code " + process.exitValue()
                  : " did not end within " + MINUTES_ALLOWED + " minutes; take a smaller workload")
              + ". It printed:\n"
              + tail(log));
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }
}
