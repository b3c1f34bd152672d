package dev.accrete.bench.step;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * libtorch through DJL, tuned as its users would tune it. Its libraries and its adapter are built
 * by the Maven profile {@code peers} into a folder of their own.
 */
final class LibtorchPeer {
  /** The main class of the adapter; compiled by the profile alone, so known by name only. */
  private static final String MAIN = "dev.accrete.bench.peers.LibtorchStep";

  /** The system property that tells the adapter where the TorchScript file is. */
  private static final String SCRIPT = "accrete.bench.torchscript";

  private static final String BUILD = "./mvnw -B -Ppeers -Dmaven.test.skip=true package";

  private LibtorchPeer() {}

  /**
   * What glibc and OpenMP need for libtorch to run at its best: without it, freed pages go back to
   * the system after every step, and a step takes up to twice as long.
   */
  static Map<String, String> environment(int threads) {
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

  /**
   * Finds the peer.
   *
   * @param notes receives what the user should know, for example that a slower form has to do
   * @throws AccreteException if it has not been built, saying how to
   */
  static Contender find(StepWorkload workload, List<String> notes)
      throws IOException, InterruptedException {
    Path bench = benchFolder();
    Path libraries = bench.resolve("target").resolve("peers");
    if (!Files.isDirectory(libraries) || !containsAdapter(libraries)) {
      throw new AccreteException(
          "the peer is not built: "
              + libraries
              + " does not hold it. Build it once with\n  "
              + BUILD
              + "\n"
              + "(downloads about 170 MB: DJL with libtorch, ONNX Runtime; Linux on x86-64), and"
              + " for its fastest form install torch for Python (Debian: apt install"
              + " python3-torch)");
    }
    Optional<Path> script = TorchScript.find(bench, libraries, workload, notes);
    String threads = Integer.toString(workload.threads());
    List<String> options =
        new ArrayList<>(
            List.of(
                "-Dai.djl.pytorch.num_threads=" + threads,
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
    script.ifPresent(file -> options.add("-D" + SCRIPT + "=" + file));
    return new Contender(
        MAIN,
        Contender.join(System.getProperty("java.class.path"), libraries.resolve("*").toString()),
        options,
        environment(workload.threads()));
  }

  private static boolean containsAdapter(Path libraries) throws IOException {
    try (var files = Files.list(libraries)) {
      return files
          .map(file -> file.getFileName().toString().toLowerCase(Locale.ROOT))
          .anyMatch(name -> name.startsWith("accrete-bench") && name.endsWith("-peers.jar"));
    }
  }

  /** The folder of this module: classes and jars alike lie below its folder {@code target}. */
  private static Path benchFolder() {
    Path here;
    try {
      here =
          Path.of(LibtorchPeer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
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
