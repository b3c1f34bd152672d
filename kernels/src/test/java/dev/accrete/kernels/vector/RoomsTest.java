package dev.accrete.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of the backend use each other in one direction. */
class RoomsTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/accrete/kernels/vector");

  /** From the ground up: a package may use those before it. */
  private static final List<String> ORDER =
      List.of(
          "tensor",
          "run",
          "product",
          "norm",
          "op",
          "symmetric",
          "convolution",
          "depthwise",
          "winograd",
          "lowering",
          "");

  private static final Pattern USE =
      Pattern.compile("dev\\.accrete\\.kernels\\.vector\\.([a-z]\\w*)\\.\\w");

  @Test
  void everyPackageUsesOnlyThoseBelowIt() throws IOException {
    Map<String, Set<String>> used = uses();
    assertThat(used.keySet()).containsExactlyInAnyOrderElementsOf(ORDER);
    used.forEach(
        (room, others) ->
            assertThat(others)
                .as("what '%s' uses", room)
                .isSubsetOf(ORDER.subList(0, ORDER.indexOf(room))));
  }

  @Test
  void theGroundIsUsedByAll() throws IOException {
    // Were no use found in the sources, the test above would pass whatever they are.
    Map<String, Set<String>> used = uses();
    used.remove("tensor");
    assertThat(used.values()).allSatisfy(others -> assertThat(others).contains("tensor"));
  }

  private static Map<String, Set<String>> uses() throws IOException {
    Map<String, Set<String>> used = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String room = SOURCES.relativize(file.getParent()).toString();
        Set<String> others = used.computeIfAbsent(room, r -> new TreeSet<>());
        Matcher use = USE.matcher(Files.readString(file));
        while (use.find()) {
          if (!use.group(1).equals(room)) {
            others.add(use.group(1));
          }
        }
      }
    }
    return used;
  }
}
