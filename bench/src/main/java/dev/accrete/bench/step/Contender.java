package dev.accrete.bench.step;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An engine as a process to start: our own or a peer.
 *
 * @param mainClass what the JVM runs; it takes the arguments of {@link StepWorker#run}
 * @param classPath where it is
 * @param jvmOptions what it needs beside the options of this JVM, which it gets too
 * @param environment what it needs beside the environment of this JVM
 */
public record Contender(
    String mainClass, String classPath, List<String> jvmOptions, Map<String, String> environment) {
  private static final long MINUTES_ALLOWED = 15;
  private static final ObjectMapper JSON = new ObjectMapper();

  public Contender {
    jvmOptions = List.copyOf(jvmOptions);
    environment = Map.copyOf(environment);
  }

  /** Our own engine, with the class path and the options of this JVM. */
  public static Contender own() {
    return new Contender(
        StepWorker.class.getName(), System.getProperty("java.class.path"), List.of(), Map.of());
  }

  /**
   * Our own engine as another checkout has built it, with the options of this JVM.
   *
   * @param folder a checkout in which {@code ./accrete bench} was built, or a folder of its jars
   * @throws AccreteException if there is no such build
   */
  public static Contender build(Path folder) throws IOException {
    for (Path jars : List.of(folder.resolve("bench").resolve("target").resolve("app"), folder)) {
      if (Files.isDirectory(jars) && containsBench(jars)) {
        return new Contender(
            StepWorker.class.getName(), jars.resolve("*").toString(), List.of(), Map.of());
      }
    }
    throw new AccreteException(
        folder + " holds no built benchmarks; run './accrete bench step --help' in it once");
  }

  private static boolean containsBench(Path jars) throws IOException {
    try (Stream<Path> files = Files.list(jars)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("accrete-bench"));
    }
  }

  /** This with one more option for the JVM. */
  public Contender withOption(String option) {
    List<String> options = new ArrayList<>(jvmOptions);
    options.add(option);
    return new Contender(mainClass, classPath, options, environment);
  }

  /**
   * Starts a process, lets it measure and waits for it.
   *
   * @throws AccreteException if it fails or takes too long, with the end of what it printed
   */
  public StepMeasurement measure(StepWorkload workload) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("accrete-bench-step");
    Path question = folder.resolve("workload.json");
    Path answer = folder.resolve("measurement.json");
    Path log = folder.resolve("log.txt");
    try {
      JSON.writeValue(question.toFile(), workload);
      await(start(question, answer, log), log);
      return JSON.readValue(answer.toFile(), StepMeasurement.class);
    } finally {
      for (Path file : List.of(question, answer, log, folder)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Process start(Path question, Path answer, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home")).resolve("bin").resolve("java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", classPath, mainClass, question.toString(), answer.toString()));
    command.add(Long.toString(System.currentTimeMillis()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return builder.start();
  }

  private void await(Process process, Path log) throws IOException, InterruptedException {
    // Whoever interrupts the parent wants the child gone too.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    boolean ended;
    try {
      ended = process.waitFor(MINUTES_ALLOWED, TimeUnit.MINUTES);
    } finally {
      process.destroyForcibly();
    }
    if (!ended || process.exitValue() != 0) {
      throw new AccreteException(
          mainClass
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

  /** Joins two class paths. */
  static String join(String first, String second) {
    return first + File.pathSeparator + second;
  }
}
