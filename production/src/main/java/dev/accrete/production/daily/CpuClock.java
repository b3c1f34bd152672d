package dev.accrete.production.daily;

import java.lang.management.ManagementFactory;

/** Processor time of this process, all threads together, the compiler's and collector's too. */
final class CpuClock {
  private static final double NANOS = 1e9;

  private final com.sun.management.OperatingSystemMXBean system;

  CpuClock() {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean bean) {
      system = bean;
    } else {
      throw new IllegalStateException("this Java runtime does not tell its processor time");
    }
  }

  /** Seconds used since the process began. */
  double seconds() {
    return system.getProcessCpuTime() / NANOS;
  }
}
