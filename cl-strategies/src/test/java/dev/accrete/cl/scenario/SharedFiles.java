package dev.accrete.cl.scenario;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the original files from which the embedded tables were derived. They lie in {@code shared/}
 * beside the checkout, or where the system property {@code accrete.shared} points.
 */
public final class SharedFiles {
  private SharedFiles() {}

  /** The file or folder; skips the running test, with the reason, if it is not there. */
  public static Path require(String relative) {
    Path file = root().resolve(relative);
    assumeTrue(
        Files.exists(file),
        () -> file + " is absent: point -Daccrete.shared at the folder with the original files");
    return file;
  }

  private static Path root() {
    String property = System.getProperty("accrete.shared", "");
    if (!property.isEmpty()) {
      return Path.of(property);
    }
    Path folder = Path.of("").toAbsolutePath();
    for (Path up = folder; up.getParent() != null; up = up.getParent()) {
      if (Files.isDirectory(up.resolve("shared").resolve("data"))) {
        return up.resolve("shared");
      }
    }
    return folder.resolve("shared");
  }
}
