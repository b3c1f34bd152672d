package dev.accrete.bench.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** MobileNetV1 as a TorchScript file: exported once by Python, then kept beside the peer. */
final class TorchScript {
  /** Debian's torch belongs to its own Python, which need not be the first on the path. */
  private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

  private static final long MINUTES_ALLOWED = 3;

  private TorchScript() {}

  /**
   * The file for a workload, exported if need be.
   *
   * @param bench the folder of the module
   * @param folder where files are kept
   * @param notes receives why there is none
   * @return empty if no Python here has torch
   */
  static Optional<Path> find(Path bench, Path folder, StepWorkload workload, List<String> notes)
      throws IOException, InterruptedException {
    Path file =
        folder.resolve("mobilenet-v1-" + workload.width() + "-" + StepWorkload.CLASSES + ".pt");
    if (Files.exists(file)) {
      return Optional.of(file);
    }
    Path exporter = bench.resolve("peers").resolve("export_mobilenet.py");
    Path unfinished = folder.resolve(file.getFileName() + ".tmp");
    List<String> failures = new ArrayList<>();
    for (String python : PYTHONS) {
      Optional<String> failure = export(python, exporter, workload, unfinished);
      if (failure.isEmpty()) {
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return Optional.of(file);
      }
      failures.add(python + ": " + failure.get());
    }
    notes.add(
        "the peer is libtorch through DJL's own blocks, which is slower than its TorchScript form,"
            + " because that could not be exported ("
            + String.join("; ", failures)
            + "). For the real comparison install torch (Debian: apt install python3-torch)");
    return Optional.empty();
  }

  /** Returns why it failed, or empty if it did not. */
  private static Optional<String> export(
      String python, Path exporter, StepWorkload workload, Path file)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("accrete-export", ".log");
    try {
      Process process =
          new ProcessBuilder(
                  python,
                  exporter.toString(),
                  "--width=" + workload.width(),
                  "--classes=" + StepWorkload.CLASSES,
                  "--out=" + file)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = process.waitFor(MINUTES_ALLOWED, TimeUnit.MINUTES);
      process.destroyForcibly();
      if (!ended) {
        return Optional.of("took more than " + MINUTES_ALLOWED + " minutes");
      }
      return process.exitValue() == 0 ? Optional.empty() : Optional.of(lastLine(log));
    } catch (IOException e) {
      // There is no such program, most likely; the next name may exist.
      return Optional.of(String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "failed and printed nothing" : lines.getLast();
  }
}
