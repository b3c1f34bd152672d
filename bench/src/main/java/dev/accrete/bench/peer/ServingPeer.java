package dev.accrete.bench.peer;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * ONNX Runtime as what answers behind our server.
 *
 * @param factory a class with a static {@code factory(int threads)}; compiled by the profile {@code
 *     peers} alone, so known by name only
 * @param classPath of the process that serves
 * @param environment of that process
 */
public record ServingPeer(String factory, String classPath, Map<String, String> environment) {
  private static final String FACTORY = "dev.accrete.bench.peers.OnnxClassifier";

  /**
   * The peer.
   *
   * @throws AccreteException saying how to build it if it was not built
   */
  public static ServingPeer required(int threads) throws IOException {
    Path libraries = Installation.libraries();
    if (!Installation.isBuilt(libraries)) {
      throw new AccreteException(
          "the peer of the server, ONNX Runtime, is not built. " + Installation.howToBuild());
    }
    return new ServingPeer(FACTORY, Installation.classPath(libraries), Installation.tuned(threads));
  }
}
