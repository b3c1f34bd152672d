package dev.accrete.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a process of {@link GpuWorker} with the class path and the options of this JVM. */
final class WorkerProcess implements GpuSuite.Measurer {
  private static final long HOURS_ALLOWED = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Answer measure(Question question) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("accrete-bench-gpu");
    Path asked = folder.resolve("question.json");
    Path answered = folder.resolve("answer.json");
    try {
      JSON.writeValue(asked.toFile(), question);
      run(asked, answered);
      return JSON.readValue(answered.toFile(), Answer.class);
    } finally {
      for (Path file : List.of(asked, answered, folder)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void run(Path asked, Path answered) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home")).resolve("bin").resolve("java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(GpuWorker.class.getName(), asked.toString(), answered.toString()));
    Process process = new ProcessBuilder(command).inheritIO().start();
    // Whoever interrupts the parent wants the child gone too.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    boolean ended;
    try {
      ended = process.waitFor(HOURS_ALLOWED, TimeUnit.HOURS);
    } finally {
      process.destroyForcibly();
    }
    if (!ended) {
      throw new AccreteException(
          "a measuring process did not end within " + HOURS_ALLOWED + " hours; take --only");
    }
    if (process.exitValue() != 0) {
      throw new AccreteException(
          "a measuring process failed with exit code "
              + process.exitValue()
              + "; what it said is above");
    }
  }
}
