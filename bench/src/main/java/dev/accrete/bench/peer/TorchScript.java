package dev.accrete.bench.peer;

import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.bench.work.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** MobileNetV1 as a TorchScript file: exported once by Python, then kept beside the peer. */
final class TorchScript {
  private TorchScript() {}

  /**
   * The file for a workload, exported if need be.
   *
   * @param folder where files are kept
   * @param notes receives why there is none
   * @return empty if no Python here has torch
   */
  static Optional<Path> find(TrainingWorkload workload, Path folder, List<String> notes)
      throws IOException, InterruptedException {
    Path file = folder.resolve("mobilenet-v1-" + workload.width() + "-" + Workload.CLASSES + ".pt");
    if (Files.exists(file)) {
      return Optional.of(file);
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    Python.Answer answer =
        Python.run(
            List.of(
                Installation.script("export_mobilenet.py").toString(),
                "--width=" + workload.width(),
                "--classes=" + Workload.CLASSES,
                "--out=" + unfinished));
    if (answer.interpreter().isPresent()) {
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      return Optional.of(file);
    }
    notes.add(
        "the peer is libtorch through DJL's own blocks, which is slower than its TorchScript form,"
            + " because that could not be exported ("
            + String.join("; ", answer.failures())
            + "). For the real comparison install torch (Debian: apt install python3-torch)");
    return Optional.empty();
  }
}
