package dev.accrete.bench.peer;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where peers are, and the environment they run best in. */
final class Installation {
  private static final String BUILD = "./mvnw -B -Ppeers -Dmaven.test.skip=true package";

  private Installation() {}

  /** How to get the peers that Maven brings. */
  static String howToBuild() {
    return "Build it once with\n  "
        + BUILD
        + "\n(downloads about 170 MB: DJL with libtorch, ONNX Runtime; Linux on x86-64)";
  }

  /** Where libraries of peers and their adapters lie, if they were built. */
  static Path libraries() {
    return folder().resolve("target").resolve("peers");
  }

  /** Whether the adapters were built into a folder. */
  static boolean isBuilt(Path libraries) throws IOException {
    if (!Files.isDirectory(libraries)) {
      return false;
    }
    try (var files = Files.list(libraries)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(name -> name.startsWith("accrete-bench") && name.endsWith("-peers.jar"));
    }
  }

  /** The class path of an adapter. */
  static String classPath(Path libraries) {
    return System.getProperty("java.class.path")
        + System.getProperty("path.separator")
        + libraries.resolve("*");
  }

  /** A Python program of this module. */
  static Path script(String name) {
    return folder().resolve("peers").resolve(name);
  }

  /**
   * What glibc and OpenMP need for torch to run at its best: without it, freed pages go back to the
   * system after every step, and a step takes up to twice as long.
   */
  static Map<String, String> tuned(int threads) {
    Map<String, String> tuned = new LinkedHashMap<>();
    tuned.put("MALLOC_ARENA_MAX", "1");
    tuned.put("MALLOC_MMAP_MAX_", "0");
    tuned.put("MALLOC_TRIM_THRESHOLD_", "17179869184");
    tuned.put("MALLOC_TOP_PAD_", "67108864");
    tuned.put("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
    tuned.put("OMP_PROC_BIND", "true");
    tuned.put("OMP_NUM_THREADS", Integer.toString(threads));
    // DJL reports its use over the network unless told not to.
    tuned.put("OPT_OUT_TRACKING", "true");
    return tuned;
  }

  /** The folder of this module: classes and jars alike lie below its folder {@code target}. */
  private static Path folder() {
    Path here;
    try {
      here =
          Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AccreteException("cannot tell where the benchmarks are installed", e);
    }
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (folder.endsWith("target") && folder.getParent() != null) {
        return folder.getParent();
      }
    }
    throw new AccreteException(
        here + " is not below bench/target; peers run from a source tree only");
  }
}
