package dev.accrete.bench.work;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The parent's end of a measuring process; see {@link Turns}. */
final class WorkerSession implements Session {
  private static final long MINUTES_ALLOWED = 15;
  private static final int SHOWN_LINES = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whoever interrupts the parent wants the children gone too. */
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final Path folder;
  private final Path log;
  private final Path answer;
  private final Process process;

  /** An element each time the process says it is ready, an empty one when it says no more. */
  private final BlockingQueue<Optional<String>> said = new LinkedBlockingQueue<>();

  private WorkerSession(String name, Path folder, Process process) {
    this.name = name;
    this.folder = folder;
    this.process = process;
    log = log(folder);
    answer = answer(folder);
    ALIVE.add(process);
    Thread.ofPlatform().daemon().name("accrete-bench-" + name).start(this::listen);
  }

  /**
   * Starts a process and waits until it is warm.
   *
   * @param builder with the whole command but for the last three arguments, which follow
   */
  static WorkerSession start(ProcessBuilder builder, String name, Task task)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("accrete-bench");
    Path question = folder.resolve("task.json");
    JSON.writeValue(question.toFile(), task);
    builder
        .command()
        .addAll(
            List.of(
                question.toString(),
                answer(folder).toString(),
                Long.toString(System.currentTimeMillis())));
    builder.redirectError(log(folder).toFile());
    WorkerSession session = new WorkerSession(name, folder, builder.start());
    try {
      session.awaitReady();
    } catch (AccreteException | InterruptedException e) {
      session.close();
      throw e;
    }
    return session;
  }

  private static Path log(Path folder) {
    return folder.resolve("log.txt");
  }

  private static Path answer(Path folder) {
    return folder.resolve("measurement.json");
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().filter(Turns.READY::equals).forEach(line -> said.add(Optional.of(line)));
    } catch (IOException | UncheckedIOException e) {
      // The process was ended while it was read: it says no more.
    }
    said.add(Optional.empty());
  }

  private void awaitReady() throws IOException, InterruptedException {
    Optional<String> line = said.poll(MINUTES_ALLOWED, TimeUnit.MINUTES);
    if (line == null) {
      throw failure(" did not answer within " + MINUTES_ALLOWED + " minutes; take less work");
    }
    if (line.isEmpty()) {
      throw ended();
    }
  }

  private AccreteException ended() throws IOException, InterruptedException {
    return failure(
        process.waitFor(1, TimeUnit.MINUTES)
            ? " failed with exit code " + process.exitValue()
            : " stopped talking and would not end");
  }

  private AccreteException failure(String what) throws IOException {
    List<String> lines = Files.readAllLines(log);
    List<String> last = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
    return new AccreteException(name + what + ". It printed:\n" + String.join("\n", last));
  }

  private void tell(String word) throws IOException, InterruptedException {
    try {
      Writer out = process.outputWriter();
      out.write(word + "\n");
      out.flush();
    } catch (IOException e) {
      AccreteException failure = ended();
      failure.addSuppressed(e);
      throw failure;
    }
  }

  @Override
  public void turn() throws IOException, InterruptedException {
    tell(Turns.RUN);
    awaitReady();
  }

  @Override
  public Measurement stop() throws IOException, InterruptedException {
    tell(Turns.STOP);
    if (!process.waitFor(MINUTES_ALLOWED, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw ended();
    }
    return JSON.readValue(answer.toFile(), Measurement.class);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    ALIVE.remove(process);
    try {
      for (Path file : List.of(folder.resolve("task.json"), answer, log, folder)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
