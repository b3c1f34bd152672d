package dev.accrete.bench.peer;

import dev.accrete.bench.work.Contender;
import dev.accrete.bench.work.TrainingWorkload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private LibtorchPeer() {}

  static Search find(TrainingWorkload workload, Path libraries)
      throws IOException, InterruptedException {
    if (!Installation.isBuilt(libraries)) {
      return Search.missing(
          "the peer of training steps, libtorch, is not built. "
              + Installation.howToBuild()
              + ", and for its fastest form install torch for Python (Debian: apt install"
              + " python3-torch)");
    }
    List<String> notes = new ArrayList<>();
    Optional<Path> script = TorchScript.find(workload, libraries, notes);
    Contender peer =
        Contender.java(MAIN, Installation.classPath(libraries))
            .withEnvironment(Installation.tuned(workload.threads()))
            .withOption("-Dai.djl.pytorch.num_threads=" + workload.threads())
            .withOption("-Dai.djl.pytorch.num_interop_threads=1")
            .withOption("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    if (script.isPresent()) {
      peer = peer.withOption("-D" + SCRIPT + "=" + script.get());
    }
    return Search.found(peer, notes);
  }
}
