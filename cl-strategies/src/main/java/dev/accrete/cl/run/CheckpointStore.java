package dev.accrete.cl.run;

import dev.accrete.cl.strategy.StateWriter;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
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
   * @param state what writes the strategy's arrays
   * @param origin all that decided them
   * @throws dev.accrete.core.AccreteException if that fails; the checkpoint before is then intact
   */
  void save(Consumer<StateWriter> state, Ledger ledger, Origin origin) {
    Path file = folder.resolve(String.format(Locale.ROOT, "%05d", ledger.next()) + ENDING);
    try {
      Files.createDirectories(folder);
      Safetensors.write(file, CheckpointFormat.encode(state, ledger, origin));
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
   * The newest checkpoint, read and verified anew at every call: keep it rather than ask twice.
   *
   * @throws dev.accrete.core.AccreteException if it is damaged or of another kind, saying what to
   *     do
   */
  public Optional<Checkpoint> last() {
    Optional<Path> newest = newest();
    try {
      return newest.map(this::read);
    } catch (AccreteException e) {
      if (newest().equals(newest)) {
        throw e;
      }
      return last(); // a run that goes on in another process has replaced it meanwhile
    }
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
