package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;

/** What computing costs. */
public record CostPolicy(
    @Setting(value = "Price of one CPU for one hour", min = 0, max = 1_000_000)
        double pricePerCpuHour,
    @Setting("Its currency") String currency) {
  static final CostPolicy DEFAULT = new CostPolicy(0.05, "USD");

  private static final double SECONDS_PER_HOUR = 3600;

  /** What {@code cpuSeconds} of processor time cost. */
  public double price(double cpuSeconds) {
    return cpuSeconds / SECONDS_PER_HOUR * pricePerCpuHour;
  }
}
