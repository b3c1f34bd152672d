package dev.accrete.cl.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The memory of this process, where the system tells it. */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final long KIB = 1024;

  private ProcessMemory() {}

  /** The most physical memory occupied so far, in bytes; known on Linux only. */
  static Optional<Long> peakBytes() {
    if (!Files.isReadable(STATUS)) {
      return Optional.empty();
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(PEAK))
          .map(line -> line.substring(PEAK.length()).replace("kB", "").strip())
          .map(kib -> Long.parseLong(kib) * KIB)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // a courtesy of the report, not worth ending a run for
    }
  }
}
