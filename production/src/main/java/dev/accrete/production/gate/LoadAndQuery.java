package dev.accrete.production.gate;

import dev.accrete.core.AccreteException;
import dev.accrete.production.gate.Finding.Kind;
import dev.accrete.production.gate.Finding.Status;
import dev.accrete.production.gate.QueryFiles.Reply;
import dev.accrete.production.gate.QueryFiles.Request;
import dev.accrete.production.policy.GatePolicy;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Loads a model in a fresh process, as a server would, and asks it: what cannot be loaded, answers
 * otherwise than here, is too slow or too large is found before users find it. It says nothing
 * about accuracy.
 */
public final class LoadAndQuery {
  private static final double TOLERANCE = 1e-5;
  private static final double MIB = 1 << 20;
  private static final int MOST_NURSERY_MIB = 128;
  private static final int SHOWN_LOG = 400;

  /** Options of this JVM that code is found and runs by, and no others: no agents, no debuggers. */
  private static final List<String> PASSED_ON =
      List.of(
          "--add-modules=",
          "--enable-native-access=",
          "--add-opens=",
          "--add-exports=",
          "-Daccrete.",
          "-XX:+UseTransparentHugePages");

  private LoadAndQuery() {}

  /**
   * Tries a model.
   *
   * @param model its file
   * @param samples what it is asked, and what it should answer
   * @return what was found; one finding says so if the policy wants none of it
   * @throws AccreteException if no process can be started, or the scratch folder is not writable
   */
  public static List<Finding> check(Path model, Samples samples, GatePolicy policy, Launch launch) {
    if (!policy.loadAndQuery()) {
      return List.of(notWanted());
    }
    Path folder = null;
    try {
      folder = Files.createTempDirectory(launch.scratch(), "query-");
      return check(folder, model, samples, policy, launch);
    } catch (IOException e) {
      throw new AccreteException(
          "the model "
              + model
              + " cannot be tried in a process of its own: "
              + e
              + "; see that "
              + launch.scratch()
              + " can be written to, or set gate.load-and-query to false",
          e);
    } finally {
      if (folder != null) {
        remove(folder);
      }
    }
  }

  static Finding notWanted() {
    return Finding.of(
        Kind.PROCESS,
        Status.IGNORED,
        "the model was not tried in a process of its own (gate.load-and-query is false)");
  }

  private static List<Finding> check(
      Path folder, Path model, Samples samples, GatePolicy policy, Launch launch)
      throws IOException {
    Path request = folder.resolve("request");
    Path answer = folder.resolve("answer");
    Path log = folder.resolve("log");
    QueryFiles.write(request, new Request(samples.rows(), samples.pixels()));
    ProcessBuilder builder =
        new ProcessBuilder(command(model, request, answer, policy, launch))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("CLASSPATH", classPath());
    Process process = builder.start();
    boolean ended = await(process, policy.queryTimeOutSeconds());
    if (!ended) {
      return List.of(
          failed(
              "gave no answer within "
                  + policy.queryTimeOutSeconds()
                  + " s (gate.query-time-out-seconds) and was ended"));
    }
    if (process.exitValue() != 0) {
      return List.of(
          failed(
              "ended with "
                  + process.exitValue()
                  + ": "
                  + lastLine(log)
                  + " (it may use gate.max-memory-mib = "
                  + policy.maxMemoryMib()
                  + ")"));
    }
    return findings(QueryFiles.readReply(answer), samples, policy);
  }

  /** What an answer of the process means. */
  static List<Finding> findings(Reply reply, Samples samples, GatePolicy policy) {
    double memory = reply.peakBytes() / MIB;
    return List.of(
        answers(reply.probabilities(), samples),
        limit("load-seconds", "load the model", "s", reply.loadSeconds(), policy.maxLoadSeconds()),
        limit("latency-ms", "answer one image", "ms", reply.latencyMs(), policy.maxLatencyMs()),
        Finding.of(
            Kind.PROCESS,
            memory <= policy.maxMemoryMib(),
            "memory-mib",
            memory,
            policy.maxMemoryMib(),
            String.format(
                Locale.ROOT,
                "memory of a fresh process with the model is %.0f MiB, must be at most %d MiB",
                memory,
                policy.maxMemoryMib())));
  }

  private static Finding limit(
      String metric, String what, String unit, double value, double limit) {
    return Finding.of(
        Kind.PROCESS,
        value <= limit,
        metric,
        value,
        limit,
        "time of a fresh process to "
            + what
            + " is "
            + String.format(Locale.ROOT, "%.3g", value)
            + " "
            + unit
            + ", must be at most "
            + Phrases.number(limit)
            + " "
            + unit);
  }

  private static Finding answers(double[] given, Samples samples) {
    double[] wanted = samples.probabilities();
    if (given.length != wanted.length) {
      return failed(
          "gave "
              + given.length
              + " probabilities for "
              + samples.rows()
              + " images, the model has "
              + samples.classes().size()
              + " classes");
    }
    double largest = 0;
    for (int i = 0; i < given.length; i++) {
      double difference = Math.abs(given[i] - wanted[i]);
      if (!(difference <= TOLERANCE)) {
        int classes = samples.classes().size();
        return failed(
            "gave probability "
                + given[i]
                + " to class '"
                + samples.classes().get(i % classes)
                + "' of image "
                + (i / classes + 1)
                + " of "
                + samples.rows()
                + ", here it is "
                + wanted[i]
                + ": they must be finite and differ by at most "
                + TOLERANCE);
      }
      largest = Math.max(largest, difference);
    }
    return Finding.of(
        Kind.PROCESS,
        true,
        "probability-difference",
        largest,
        TOLERANCE,
        String.format(
            Locale.ROOT,
            "a fresh process gives the same probabilities for %s (largest difference %.1e, must be"
                + " at most %.0e)",
            Phrases.images(samples.rows()),
            largest,
            TOLERANCE));
  }

  private static Finding failed(String what) {
    return Finding.of(
        Kind.PROCESS, Status.FAILED, "a fresh process that loaded and asked the model " + what);
  }

  private static List<String> command(
      Path model, Path request, Path answer, GatePolicy policy, Launch launch) {
    String windows = System.getProperty("os.name", "").startsWith("Windows") ? ".exe" : "";
    Path java = Path.of(System.getProperty("java.home"), "bin", "java" + windows);
    List<String> command = new ArrayList<>(List.of(java.toString()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> PASSED_ON.stream().anyMatch(option::startsWith))
        .forEach(command::add);
    command.add("-Xmx" + policy.maxMemoryMib() + "m");
    command.add("-XX:MaxNewSize=" + Math.min(MOST_NURSERY_MIB, policy.maxMemoryMib() / 2) + "m");
    command.add(QueryProcess.class.getName());
    Stream.of(model.toAbsolutePath(), request, answer).map(Path::toString).forEach(command::add);
    command.add(launch.backend());
    command.add(Integer.toString(launch.threads()));
    launch.plugins().stream().map(path -> path.toAbsolutePath().toString()).forEach(command::add);
    return command;
  }

  /** Everything that this process finds classes on, in a variable as it may be long. */
  private static String classPath() {
    String modules = System.getProperty("jdk.module.path", "");
    String classes = System.getProperty("java.class.path", "");
    return modules.isEmpty() ? classes : modules + File.pathSeparator + classes;
  }

  private static boolean await(Process process, int seconds) {
    try {
      if (process.waitFor(seconds, TimeUnit.SECONDS)) {
        return true;
      }
      process.destroyForcibly().waitFor();
      return false;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AccreteException("interrupted while a model was tried in a process of its own", e);
    }
  }

  private static String lastLine(Path log) throws IOException {
    String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    String last =
        text.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("without a word");
    return last.length() <= SHOWN_LOG ? last : last.substring(0, SHOWN_LOG) + "...";
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // The finding says more than a leftover in a scratch folder would.
      System.getLogger(LoadAndQuery.class.getName())
          .log(System.Logger.Level.DEBUG, "left behind: " + folder, e);
    }
  }
}
