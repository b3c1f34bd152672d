package dev.accrete.bench.work;

/**
 * Multiply-adds on registers alone, as many as the processor can do: the limit that other figures
 * are a share of. No peer does it.
 */
public record PeakWorkload(int threads) implements Workload {
  public PeakWorkload {
    if (threads < 1) {
      throw new IllegalArgumentException("threads are at least 1; got " + threads);
    }
  }

  @Override
  public String name() {
    return "multiply-add-peak-t" + threads;
  }

  /** No backend: plain vector code. */
  @Override
  public String backend() {
    return "none";
  }
}
