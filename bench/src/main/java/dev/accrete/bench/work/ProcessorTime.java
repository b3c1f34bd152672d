package dev.accrete.bench.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What all processors of this machine did since it started, in ticks.
 *
 * @param all every tick
 * @param stolen those in which a processor had work and a hypervisor gave it to others
 */
public record ProcessorTime(long all, long stolen) {
  private static final Path STAT = Path.of("/proc/stat");
  private static final ProcessorTime UNKNOWN = new ProcessorTime(0, 0);

  /** user, nice, system, idle, iowait, irq, softirq and steal; guests are counted in user. */
  private static final int KINDS = 8;

  /** Tells the time. */
  @FunctionalInterface
  public interface Clock {
    /** The time by now. */
    ProcessorTime read() throws IOException;
  }

  /** The time by now; where the system does not tell, nothing was ever stolen. */
  public static ProcessorTime now() throws IOException {
    return Files.isReadable(STAT) ? parse(Files.readString(STAT)) : UNKNOWN;
  }

  /** Reads the first line of {@code /proc/stat}: {@code cpu}, then ticks by kind. */
  static ProcessorTime parse(String stat) {
    String[] words = stat.lines().findFirst().orElse("").split(" +", -1);
    if (words.length <= KINDS || !words[0].equals("cpu")) {
      return UNKNOWN;
    }
    long all = 0;
    for (int i = 1; i <= KINDS; i++) {
      all += Long.parseLong(words[i]);
    }
    return new ProcessorTime(all, Long.parseLong(words[KINDS]));
  }

  /** The share of all time since then that was stolen, from 0 to 1. */
  public double stolenSince(ProcessorTime before) {
    return (stolen - before.stolen) / (double) Math.max(1, all - before.all);
  }
}
