package dev.accrete.bench.gpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Lets {@code cuda} be the emulated device; the tests that need it are skipped without g++. */
final class EmulatedDevice {
  private static final String FOLDER = "accrete.cuda.emulator";

  private EmulatedDevice() {}

  static synchronized void install() throws IOException, InterruptedException {
    if (System.getenv("ACCRETE_CUDA") != null || System.getProperty(FOLDER) != null) {
      return;
    }
    boolean compiler =
        Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "g++")));
    assumeTrue(compiler, "the emulated CUDA driver needs g++, and this machine has none");
    Path script = Path.of("..", "native", "emulator", "build").toAbsolutePath().normalize();
    Process build =
        new ProcessBuilder(script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String folder = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (build.waitFor() != 0) {
      throw new IllegalStateException(script + " failed");
    }
    System.setProperty(FOLDER, folder.strip());
    System.setProperty("accrete.cuda", "emulated");
  }
}
