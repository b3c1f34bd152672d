package dev.accrete.bench.peer;

import dev.accrete.bench.work.Contender;
import dev.accrete.bench.work.InferenceWorkload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** ONNX Runtime; its adapter is built by the Maven profile {@code peers}. */
final class OnnxPeer {
  /** The main class of the adapter; compiled by the profile alone, so known by name only. */
  private static final String MAIN = "dev.accrete.bench.peers.OnnxInference";

  private OnnxPeer() {}

  static Search find(InferenceWorkload workload, Path libraries) throws IOException {
    if (!Installation.isBuilt(libraries)) {
      return Search.missing(
          "the peer of inference, ONNX Runtime, is not built. " + Installation.howToBuild());
    }
    return Search.found(
        Contender.java(MAIN, Installation.classPath(libraries))
            .withEnvironment(Installation.tuned(workload.threads())),
        List.of());
  }
}
