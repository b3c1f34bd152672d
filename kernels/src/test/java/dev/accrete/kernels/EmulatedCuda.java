package dev.accrete.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts the emulated CUDA driver in the place of a real one, so that every test of backends covers
 * {@code cuda} too. Whoever sets {@code ACCRETE_CUDA} has the tests run on what that names instead.
 */
public final class EmulatedCuda {
  private static final String REQUEST = "accrete.cuda";
  private static final String FOLDER = "accrete.cuda.emulator";
  private static final Path BUILD = Path.of("native", "emulator", "build");

  private static Optional<String> missing = Optional.of("not looked for");

  private EmulatedCuda() {}

  /** Builds the driver if it is not up to date, and asks for it. Once per process. */
  public static synchronized void install() {
    if (System.getenv("ACCRETE_CUDA") != null || System.getProperty(FOLDER) != null) {
      missing = Optional.empty();
      return;
    }
    missing = Optional.of("the emulated CUDA driver needs g++, and this machine has none");
    if (onPath("g++")) {
      System.setProperty(FOLDER, build());
      System.setProperty(REQUEST, "emulated");
      missing = Optional.empty();
    }
  }

  /** Why there is no CUDA driver to test with, if there is none. */
  public static Optional<String> missing() {
    return missing;
  }

  /** The folder of the emulated driver, if that is what is tested. */
  public static Optional<Path> folder() {
    return Optional.ofNullable(System.getProperty(FOLDER)).map(Path::of);
  }

  private static boolean onPath(String program) {
    return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String build() {
    Path script =
        Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
            .map(folder -> folder.resolve(BUILD))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no " + BUILD + " above this folder"));
    try {
      Process process = new ProcessBuilder(script.toString()).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(script + " failed:\n" + output);
      }
      // What the compiler warns of comes first.
      return output.lines().reduce((first, second) -> second).orElseThrow();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
