package dev.accrete.bench.work;

import java.io.IOException;

/**
 * Measures again what a hypervisor disturbed. A virtual machine's processors may at any time be
 * given to others for a while; times taken then say nothing about an engine.
 */
public final class UndisturbedMeasurer implements Measurer {
  /** The share of the processors' time above which a measurement counts as disturbed. */
  public static final double TOLERATED = 0.02;

  private static final int ATTEMPTS = 3;

  private final Measurer measurer;
  private final ProcessorTime.Clock clock;

  /**
   * Watches another measurer.
   *
   * @param clock tells the processor time spent so far
   */
  public UndisturbedMeasurer(Measurer measurer, ProcessorTime.Clock clock) {
    this.measurer = measurer;
    this.clock = clock;
  }

  /** Watches another measurer by the clock of this machine. */
  public static UndisturbedMeasurer of(Measurer measurer) {
    return new UndisturbedMeasurer(measurer, ProcessorTime::now);
  }

  /**
   * Measures, up to three times until an attempt was not disturbed, and returns the attempt that
   * was disturbed least.
   */
  @Override
  public Measurement measure(Task task) throws IOException, InterruptedException {
    Measurement best = attempt(task);
    for (int i = 1; i < ATTEMPTS && best.stolen() > TOLERATED; i++) {
      Measurement next = attempt(task);
      best = next.stolen() < best.stolen() ? next : best;
    }
    return best;
  }

  private Measurement attempt(Task task) throws IOException, InterruptedException {
    ProcessorTime before = clock.read();
    Measurement measurement = measurer.measure(task);
    return measurement.withStolen(clock.read().stolenSince(before));
  }
}
