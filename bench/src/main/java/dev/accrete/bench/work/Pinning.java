package dev.accrete.bench.work;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps processes of one thread on one and the same processor. Two that take turns would otherwise
 * stay on a processor each, and those of a virtual machine differ by whose neighbours they are: two
 * processes of the same build by up to 40%.
 */
final class Pinning {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";

  private Pinning() {}

  /** What to put before a command: nothing for several threads, or where {@code taskset} lacks. */
  static List<String> prefix(int threads) throws IOException {
    if (threads != 1 || !Files.isReadable(STATUS) || !isOnPath("taskset")) {
      return List.of();
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(ALLOWED))
        .findFirst()
        .map(line -> List.of("taskset", "--cpu-list", last(line.substring(ALLOWED.length()))))
        .orElse(List.of());
  }

  /** The last of the processors in a list such as {@code 0-3,8}: the first ones get interrupts. */
  static String last(String list) {
    return list.strip().replaceFirst(".*[,-]", "");
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
