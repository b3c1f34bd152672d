package dev.accrete.kernels.cuda;

import dev.accrete.core.AccreteException;
import java.nio.file.Path;

/**
 * Puts the emulated driver in the place of the machine's own. JCuda's native library asks the
 * system for {@code libcuda.so.1}; a library of that name which the process has loaded already
 * comes first.
 */
final class EmulatedDriver {
  private EmulatedDriver() {}

  /**
   * Loads it; must come before any use of JCuda.
   *
   * @throws AccreteException if it cannot be loaded
   */
  @SuppressWarnings("restricted") // Asked for by name, for tests.
  static void load(Path folder) {
    Path library = folder.resolve("libcuda.so.1").toAbsolutePath();
    try {
      System.load(library.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new AccreteException("the emulated CUDA driver " + library + " does not load", e);
    }
  }
}
