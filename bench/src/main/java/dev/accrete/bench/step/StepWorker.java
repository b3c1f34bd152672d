package dev.accrete.bench.step;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The measuring process. Every engine runs under this same loop, in a process of its own, so that
 * neither heats, fragments nor compiles for the other.
 */
public final class StepWorker {
  private static final Path STATUS = Path.of("/proc/self/status");

  private StepWorker() {}

  /**
   * Measures our own engine.
   *
   * @param arguments see {@link #run}
   */
  public static void main(String[] arguments) throws IOException {
    run(arguments, OwnEngine::create);
  }

  /**
   * Measures an engine and writes a {@link StepMeasurement}.
   *
   * @param arguments the file with the workload, the file to write, and the time of launch in
   *     milliseconds since 1970. The parent hands that time down because the JVM knows its own
   *     start only to the second on Linux.
   * @throws AccreteException if the engine does not learn
   */
  public static void run(String[] arguments, SteppedEngine.Factory factory) throws IOException {
    ObjectMapper json = new ObjectMapper();
    StepWorkload workload = json.readValue(Path.of(arguments[0]).toFile(), StepWorkload.class);
    long launched = Long.parseLong(arguments[2]);
    StepMeasurement measurement;
    try (SteppedEngine engine = factory.create(workload)) {
      measurement = measure(workload, engine, launched);
    }
    json.writeValue(Path.of(arguments[1]).toFile(), measurement);
  }

  private static StepMeasurement measure(StepWorkload workload, SteppedEngine engine, long launched)
      throws IOException {
    float firstLoss = engine.step();
    double firstStepMillis = System.currentTimeMillis() - launched;
    double firstStepCpuMillis = processorNanos() / 1e6;
    long warmUpEnd = System.nanoTime() + (long) (workload.warmUpSeconds() * 1e9);
    for (int i = 1; i < workload.warmUpSteps() || System.nanoTime() < warmUpEnd; i++) {
      requireFinite(engine, engine.step());
    }
    List<Double> millis = new ArrayList<>();
    double slowdown = Double.parseDouble(System.getProperty(StepWorkload.SLOWDOWN, "0"));
    float loss = firstLoss;
    long cpuStart = processorNanos();
    for (int i = 0; i < workload.steps(); i++) {
      long start = System.nanoTime();
      loss = engine.step();
      waste(System.nanoTime() - start, slowdown);
      millis.add((System.nanoTime() - start) / 1e6);
      requireFinite(engine, loss);
    }
    double cpuMillis = (processorNanos() - cpuStart) / 1e6 / workload.steps();
    requireLearning(engine, firstLoss, loss);
    return new StepMeasurement(
        engine.name(),
        engine.remarks(),
        engine.parameters(),
        engine.macs(),
        millis,
        cpuMillis,
        firstStepMillis,
        firstStepCpuMillis,
        firstLoss,
        loss,
        engine.bytes(),
        peakBytes());
  }

  private static void requireLearning(SteppedEngine engine, float firstLoss, float lastLoss) {
    if (!(lastLoss < firstLoss)) {
      throw new AccreteException(
          String.format(
              Locale.ROOT,
              "%s did not learn: the loss on the one mini-batch went from %.4f to %.4f, so what was"
                  + " timed is no training step",
              engine.name(),
              firstLoss,
              lastLoss));
    }
  }

  private static void waste(long nanos, double share) {
    long end = System.nanoTime() + (long) (share * nanos);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static void requireFinite(SteppedEngine engine, float loss) {
    if (!Float.isFinite(loss)) {
      throw new AccreteException(
          engine.name() + " computed a loss of " + loss + "; its times would mean nothing");
    }
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
