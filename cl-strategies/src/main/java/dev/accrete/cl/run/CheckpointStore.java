package dev.accrete.cl.run;

import dev.accrete.cl.strategy.Strategy;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints of one strategy in a folder: the newest one, named by the number of experiences
 * learned. An older one goes only after the new one is safely on disk.
 */
public final class CheckpointStore {
  private static final String ENDING = ".safetensors";

  private final Path folder;
  private final String strategy;

  CheckpointStore(Path folder, String strategy) {
    this.folder = folder;
    this.strategy = strategy;
  }

  /**
   * Saves a strategy and its ledger.
   *
   * @throws dev.accrete.core.AccreteException if that fails; the checkpoint before is then intact
   */
  void save(Strategy learner, Ledger ledger, String inputs) {
    Path file = folder.resolve(String.format(Locale.ROOT, "%05d", ledger.next()) + ENDING);
    try {
      Files.createDirectories(folder);
      Safetensors.write(file, CheckpointFormat.encode(learner, ledger, inputs));
      for (Path old : files()) {
        if (!old.equals(file)) {
          Files.delete(old);
        }
      }
    } catch (IOException e) {
      throw Errors.unwritable(folder, e);
    }
  }

  /**
   * The newest checkpoint.
   *
   * @throws dev.accrete.core.AccreteException if it is damaged or of another kind, saying what to
   *     do
   */
  public Optional<Checkpoint> last() {
    return newest().map(this::read);
  }

  private Checkpoint read(Path file) {
    try {
      return CheckpointFormat.decode(Safetensors.read(file), strategy);
    } catch (AccreteException e) {
      throw new AccreteException(
          "the checkpoint of "
              + strategy
              + " cannot be used: "
              + e.getMessage()
              + ". Restore "
              + file
              + " from a copy, or delete it to learn "
              + strategy
              + " from the start",
          e);
    }
  }

  /** The file of the newest checkpoint. */
  Optional<Path> newest() {
    try {
      return files().stream().max(Comparator.comparing(Path::getFileName));
    } catch (IOException e) {
      throw Errors.unwritable(folder, e);
    }
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).toList();
    }
  }
}
