package dev.accrete.production.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.StartingWeights;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.policy.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes the folder of a store, and finds it again. */
final class StoreFolder {
  private static final String WEIGHTS = "weights";
  private static final TypeReference<Learner> LEARNER = new TypeReference<>() {};

  private StoreFolder() {}

  /** A {@link LearnerConfig} as the database holds it. */
  record Learner(
      String architecture,
      int imageSize,
      String strategy,
      Map<String, String> settings,
      int room,
      String weights,
      long seed,
      int horizon) {
    static Learner of(LearnerConfig config, String weights) {
      return new Learner(
          config.architecture(),
          config.imageSize(),
          config.strategy(),
          config.settings(),
          config.room(),
          weights,
          config.seed(),
          config.horizon());
    }

    LearnerConfig config(Path root) {
      boolean file = weights.startsWith(WEIGHTS);
      return new LearnerConfig(
          architecture,
          imageSize,
          strategy,
          settings,
          List.of(),
          room,
          file ? root.resolve(weights).toString() : weights,
          seed,
          horizon);
    }
  }

  static Store init(Path folder, StoreConfig config, StoreLimits limits, Probe probe, Clock clock) {
    Home home = new Home(folder.toAbsolutePath().normalize());
    Disk disk = new Disk(probe);
    if (config.learner().isSampled()) {
      throw new AccreteException(
          config.learner().strategy()
              + " trains at chosen days alone, and a store tests a model of every day: name another"
              + " strategy, such as analytic, or leave out the setting that names days");
    }
    try {
      if (Files.exists(home.database())) {
        throw new AccreteException(
            folder + " is a store already: name a new folder, or go on with this one");
      }
      Optional<Path> foreign =
          Folders.list(home.root()).stream().filter(file -> !isOurs(home, file)).findFirst();
      if (foreign.isPresent()) {
        throw new AccreteException(
            folder
                + " is not empty (it holds "
                + foreign.get().getFileName()
                + "): name a new or an empty folder");
      }
      Files.createDirectories(home.root());
      for (Path part : List.of(home.blobs(), home.pixels(), home.versions(), home.temporary())) {
        disk.makeFolder(part);
      }
      disk.write(home.policy(), List.of(policy(config)));
      String weights = weights(home, disk, config.learner());
      disk.sync(home.root());
      // A database without its first rows is no store: it takes its name when it has them.
      Path making = home.root().resolve("store.db.new");
      for (String ending : List.of("", "-wal", "-shm")) {
        Files.deleteIfExists(making.resolveSibling(making.getFileName() + ending));
      }
      try (Database database = Database.create(making, probe)) {
        fill(home, database, config.learner(), weights, clock);
        database.truncateLog();
      }
      disk.move(making, home.database());
      disk.sync(home.root());
    } catch (IOException e) {
      throw Disk.failed("make the store " + folder, e);
    }
    return open(folder, limits, probe, clock);
  }

  /** A policy to edit, if none was given. */
  private static byte[] policy(StoreConfig config) throws IOException {
    return config.policy().isPresent()
        ? Files.readAllBytes(config.policy().get())
        : Policy.DEFAULT.toYaml().getBytes(StandardCharsets.UTF_8);
  }

  /** What a killed init may have left. */
  private static boolean isOurs(Home home, Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith("store.")
        || name.startsWith(WEIGHTS + ".")
        || file.equals(home.policy())
        || List.of(home.blobs(), home.pixels(), home.versions(), home.temporary()).contains(file);
  }

  private static String weights(Home home, Disk disk, LearnerConfig learner) throws IOException {
    String weights = learner.weights();
    if (new StartingWeights(weights).file().isEmpty()) {
      return weights;
    }
    int dot = weights.lastIndexOf('.');
    String name = WEIGHTS + (dot < 0 ? ".bin" : weights.substring(dot));
    disk.write(home.root().resolve(name), List.of(Files.readAllBytes(Path.of(weights))));
    return name;
  }

  private static void fill(
      Home home, Database database, LearnerConfig learner, String weights, Clock clock)
      throws IOException {
    Path file = home.root().resolve(weights);
    boolean own = weights.startsWith(WEIGHTS);
    String digest = own ? Digests.of(file) : "";
    long bytes = own ? Files.size(file) : 0;
    String now = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    database.write(
        session -> {
          Meta.put(session, Meta.ID, UUID.randomUUID().toString());
          Meta.put(session, Meta.SALT, UUID.randomUUID().toString());
          Meta.put(session, Meta.CREATED, now);
          Meta.put(session, Meta.LEARNER, Json.text(Learner.of(learner, weights)));
          if (own) {
            session.execute("INSERT INTO files VALUES (?, ?, ?, NULL)", weights, digest, bytes);
          }
          int id = 0;
          for (String name : learner.classes()) {
            session.execute(
                "INSERT INTO classes VALUES (?, ?, ?, 0)", id++, Item.spelled(name), now);
          }
          return id;
        });
  }

  static Store open(Path folder, StoreLimits limits, Probe probe, Clock clock) {
    return open(folder, limits, Unlearning.EXACT, probe, clock);
  }

  static Store open(
      Path folder, StoreLimits limits, Unlearning unlearning, Probe probe, Clock clock) {
    Home home = new Home(folder.toAbsolutePath().normalize());
    Database database = Database.open(home.database(), probe);
    boolean opened = false;
    try {
      Learner learner =
          Json.read(database.read(session -> Meta.get(session, Meta.LEARNER)), LEARNER);
      Store store =
          new Store(
              new Core(
                  home,
                  new Disk(probe),
                  database,
                  learner.config(home.root()),
                  limits,
                  unlearning,
                  clock));
      opened = true;
      return store;
    } finally {
      if (!opened) {
        database.close();
      }
    }
  }
}
