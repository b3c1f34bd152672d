package dev.accrete.bench.work;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The measuring process. Every engine runs under this same loop, in a process of its own, so that
 * neither heats, fragments nor compiles for the other.
 */
public final class Worker {
  /**
   * The system property by which a share of every run is wasted, so that one can see whether a
   * comparison of builds would notice.
   */
  public static final String SLOWDOWN = "accrete.bench.slowdown";

  /**
   * Runs shorter than these milliseconds are preceded by some that do not count and take as long
   * together, for what they find in the caches is otherwise that of another process.
   */
  private static final double REHEAT = 50;

  private static final Path STATUS = Path.of("/proc/self/status");

  private Worker() {}

  /**
   * Measures an engine and writes a {@link Measurement}.
   *
   * <p>After the warm-up every run waits for its turn, see {@link Turns}.
   *
   * @param arguments the file with the {@link Task}, the file to write, and the time of launch in
   *     milliseconds since 1970. The parent hands that time down because the JVM knows its own
   *     start only to the second on Linux.
   * @throws AccreteException if what the engine computed is not the work
   */
  public static void run(String[] arguments, Engine.Factory factory) throws IOException {
    run(arguments, factory, new Turns(System.in, System.out));
  }

  static void run(String[] arguments, Engine.Factory factory, Turns turns) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Task task = json.readValue(Path.of(arguments[0]).toFile(), Task.class);
    long launched = Long.parseLong(arguments[2]);
    Measurement measurement;
    try (Engine engine = factory.create(task.workload())) {
      measurement = measure(task, engine, launched, turns);
    }
    json.writeValue(Path.of(arguments[1]).toFile(), measurement);
  }

  private static Measurement measure(Task task, Engine engine, long launched, Turns turns)
      throws IOException {
    Workload workload = task.workload();
    double first = requireFinite(engine, engine.run());
    double firstRunMillis = System.currentTimeMillis() - launched;
    double firstRunCpuMillis = processorNanos() / 1e6;
    engine.verify();
    Timing timing = task.timing();
    double previous = repeat(engine, timing.warmUpRuns() - 1, timing.warmUpSeconds() * 1e3);
    List<Double> millis = new ArrayList<>();
    double slowdown = Double.parseDouble(System.getProperty(SLOWDOWN, "0"));
    double last = first;
    long cpuNanos = 0;
    while (turns.next()) {
      if (previous < REHEAT) {
        repeat(engine, 1, REHEAT);
      }
      long cpuStart = processorNanos();
      long start = System.nanoTime();
      last = engine.run();
      waste(System.nanoTime() - start, slowdown);
      previous = (System.nanoTime() - start) / 1e6;
      millis.add(previous);
      cpuNanos += processorNanos() - cpuStart;
      requireFinite(engine, last);
    }
    workload.check(engine.name(), first, last);
    return new Measurement(
        engine.name(),
        engine.remarks(),
        engine.parameters(),
        engine.macs(),
        millis,
        cpuNanos / 1e6 / Math.max(1, millis.size()),
        firstRunMillis,
        firstRunCpuMillis,
        first,
        last,
        engine.proof(),
        engine.bytes(),
        peakBytes(),
        0);
  }

  /** Returns the milliseconds of the last run, infinitely many if there was none. */
  private static double repeat(Engine engine, int least, double leastMillis) {
    double millis = Double.POSITIVE_INFINITY;
    long end = System.nanoTime() + (long) (leastMillis * 1e6);
    for (int i = 0; i < least || System.nanoTime() < end; i++) {
      long start = System.nanoTime();
      requireFinite(engine, engine.run());
      millis = (System.nanoTime() - start) / 1e6;
    }
    return millis;
  }

  private static void waste(long nanos, double share) {
    long end = System.nanoTime() + (long) (share * nanos);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static double requireFinite(Engine engine, double loss) {
    if (!Double.isFinite(loss)) {
      throw new AccreteException(
          engine.name() + " computed a loss of " + loss + "; its times would mean nothing");
    }
    return loss;
  }

  /** Processor time of all threads of this process, or a constant if the JVM does not tell. */
  private static long processorNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  /** VmHWM: the high-water mark of resident memory. */
  private static long peakBytes() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }
}
