package dev.accrete.production.serve.workshop;

import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Classifiers that clients make: a store each, in one folder, which the first one makes. */
public final class StoreShelf implements Shelf {
  private final Path folder;
  private final LearnerConfig learner;
  private final Backend backend;
  private final Duration keep;

  /**
   * A folder of stores, which need not exist.
   *
   * @param learner decides how new ones learn
   * @param backend learns; it stays open
   * @param keep as in {@link StoreWorkshop}
   */
  public StoreShelf(Path folder, LearnerConfig learner, Backend backend, Duration keep) {
    this.folder = folder;
    this.learner = learner.withClasses(List.of());
    this.backend = backend;
    this.keep = keep;
  }

  @Override
  public List<String> names() {
    return names(folder);
  }

  /** The names of the stores in such a folder, which need not exist. */
  public static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(Files::isDirectory)
          .map(path -> String.valueOf(path.getFileName()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AccreteException("cannot read the classifiers in " + folder + ": " + e, e);
    }
  }

  @Override
  public Workshop open(String name) {
    return workshop(Store.open(folder.resolve(name)));
  }

  @Override
  public Workshop create(String name) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AccreteException(
          "cannot make the folder of classifiers "
              + folder
              + ": "
              + e.getMessage()
              + "; name another with --classifiers",
          e);
    }
    return workshop(Store.init(folder.resolve(name), StoreConfig.of(learner)));
  }

  private Workshop workshop(Store store) {
    return new StoreWorkshop(store, backend, keep, Clock.systemUTC());
  }

  @Override
  public void delete(String name) {
    Path doomed = folder.resolve(name);
    try (Stream<Path> all = Files.walk(doomed)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new AccreteException(
          "the classifier " + name + " is not removed wholly: " + e + "; remove " + doomed, e);
    }
  }
}
