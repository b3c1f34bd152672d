package dev.accrete.bench.work;

import dev.accrete.core.AccreteException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The parent's end of a measuring process; see {@link Turns}. */
final class WorkerSession implements Session {
  private static final long MINUTES_ALLOWED = 15;
  private static final int SHOWN_LINES = 20;

  /** A process that uses no tick of the operating system's clock for so long is at rest. */
  private static final long REST_MILLIS = 40;

  private static final int MOST_RESTS = 25;

  /** Whoever interrupts the parent wants the children gone too. */
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final WorkerFiles files;
  private final Process process;

  /** True each time the process says that it is ready, false when it will say no more. */
  private final BlockingQueue<Boolean> ready = new LinkedBlockingQueue<>();

  private WorkerSession(String name, WorkerFiles files, Process process) {
    this.name = name;
    this.files = files;
    this.process = process;
    ALIVE.add(process);
    Thread.ofPlatform().daemon().name("accrete-bench-" + name).start(this::listen);
  }

  /**
   * Starts a process and waits until it is warm and at rest.
   *
   * @param builder with the whole command but for the last three arguments, which follow
   */
  static WorkerSession start(ProcessBuilder builder, String name, Task task)
      throws IOException, InterruptedException {
    WorkerSession session = launch(builder, name, WorkerFiles.create(task));
    boolean warm = false;
    try {
      session.awaitReady();
      session.awaitRest();
      warm = true;
    } finally {
      if (!warm) {
        session.close();
      }
    }
    return session;
  }

  private static WorkerSession launch(ProcessBuilder builder, String name, WorkerFiles files)
      throws IOException {
    builder.command().addAll(files.arguments());
    builder.redirectError(files.log().toFile());
    boolean launched = false;
    try {
      Process process = builder.start();
      launched = true;
      return new WorkerSession(name, files, process);
    } finally {
      if (!launched) {
        files.delete();
      }
    }
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().filter(Turns.READY::equals).forEach(line -> ready.add(true));
    } catch (IOException | UncheckedIOException e) {
      // It was ended while it was read, which is an end like any other.
      return;
    } finally {
      ready.add(false);
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    Boolean isReady = ready.poll(MINUTES_ALLOWED, TimeUnit.MINUTES);
    if (isReady == null) {
      throw failure(" did not answer within " + MINUTES_ALLOWED + " minutes; take less work");
    }
    if (!isReady) {
      throw ended();
    }
  }

  /**
   * Waits until the process leaves the processors to others: threads of a pool spin for a while
   * before they sleep, and a compiler may still be at work. Not for ever, should it never rest.
   */
  private void awaitRest() throws InterruptedException {
    Duration used = processorTime();
    for (int i = 0; i < MOST_RESTS; i++) {
      Thread.sleep(REST_MILLIS);
      Duration now = processorTime();
      if (now.equals(used)) {
        return;
      }
      used = now;
    }
  }

  private Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private AccreteException ended() throws IOException, InterruptedException {
    return failure(
        process.waitFor(1, TimeUnit.MINUTES)
            ? " failed with exit code " + process.exitValue()
            : " stopped talking and would not end");
  }

  private AccreteException failure(String what) throws IOException {
    List<String> lines = Files.readAllLines(files.log());
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
    awaitRest();
  }

  @Override
  public Measurement stop() throws IOException, InterruptedException {
    tell(Turns.STOP);
    if (!process.waitFor(MINUTES_ALLOWED, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw ended();
    }
    return files.read();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    ALIVE.remove(process);
    try {
      files.delete();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
