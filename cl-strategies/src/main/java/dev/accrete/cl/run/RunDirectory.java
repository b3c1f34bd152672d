package dev.accrete.cl.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.Model;
import dev.accrete.nn.io.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a run: {@code config.json}, {@code batches.csv}, {@code summary.json}, {@code
 * report.html} and {@code checkpoints/STRATEGY/}. One process at a time owns it.
 */
public final class RunDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
  private static final String CONFIG = "config.json";
  private static final String PLUGINS = "plugins";
  private static final String STRATEGIES = "strategies";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String LOCK = "run.lock";

  /**
   * Settings that may change between a run and its continuation: results do not depend on them, or
   * they name places of something whose content every checkpoint tells.
   */
  private static final Set<String> FREE = Set.of("threads", "checkpointEvery", "data", "weights");

  private final Path path;
  private final @Nullable FolderLock lock;

  /** Folders made for it, the innermost first. */
  private final List<Path> made;

  private RunDirectory(Path path, @Nullable FolderLock lock, List<Path> made) {
    this.path = path;
    this.lock = lock;
    this.made = made;
  }

  /**
   * Begins a run in a new or empty folder.
   *
   * @throws AccreteException if there is a run or anything else in it, another process uses it, or
   *     it cannot be written
   */
  public static RunDirectory create(Path path) {
    return create(path, List.of());
  }

  /**
   * Begins a run in a new or empty folder.
   *
   * @param apart folders that the run reads: neither may lie in the other
   * @throws AccreteException if there is a run or anything else in it, it lies in one of {@code
   *     apart} or around it, another process uses it, or it cannot be written
   */
  public static RunDirectory create(Path path, Collection<Path> apart) {
    if (Files.exists(path.resolve(CONFIG))) {
      throw new AccreteException(
          path + " holds a run already: add --resume to go on with it, or name another --out");
    }
    if (Files.exists(path.resolve(CHECKPOINTS))) {
      throw new AccreteException(withoutConfig(path));
    }
    List<Path> made = new ArrayList<>();
    for (Path folder = path.toAbsolutePath();
        folder != null && !Files.exists(folder);
        folder = folder.getParent()) {
      made.add(folder);
    }
    OutputFolder.create(path, LOCK, apart);
    return new RunDirectory(path, FolderLock.of(path, LOCK), made);
  }

  /**
   * Opens the folder of a run to go on with it.
   *
   * @throws AccreteException if there is no run in it or another process uses it
   */
  public static RunDirectory resume(Path path) {
    requireRun(path, "check --out, or start without --resume");
    return new RunDirectory(path, FolderLock.of(path, LOCK), List.of());
  }

  /**
   * Opens the folder of a run to read from it.
   *
   * @throws AccreteException if there is no run in it
   */
  public static RunDirectory read(Path path) {
    requireRun(path, "check --out");
    return new RunDirectory(path, null, List.of());
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * The configuration of the run.
   *
   * @throws AccreteException if it cannot be read
   */
  public RunConfig config() {
    return config(Optional.empty());
  }

  /**
   * The configuration of the run, whose plug-ins may have moved.
   *
   * @param plugins where they are now; empty if they are where the run found them
   * @throws AccreteException if it cannot be read, or a plug-in is missing
   */
  public RunConfig config(Optional<List<String>> plugins) {
    plugins.ifPresent(places -> Plugins.use(places.stream().map(Path::of).toList()));
    Path file = path.resolve(CONFIG);
    try {
      JsonNode tree = Json.MAPPER.readTree(Files.readString(file));
      if (tree instanceof ObjectNode settings) {
        plugins.ifPresent(places -> settings.set(PLUGINS, Json.MAPPER.valueToTree(places)));
        settings.path(PLUGINS).forEach(place -> requirePlugin(Path.of(place.asText())));
      }
      return RunConfig.of(tree);
    } catch (JsonProcessingException e) {
      throw new AccreteException(unreadable(file, e.getOriginalMessage()), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new AccreteException(unreadable(file, String.valueOf(e.getMessage())), e);
    }
  }

  private void requirePlugin(Path plugin) {
    if (!Files.exists(plugin)) {
      throw new AccreteException(
          "the run in "
              + path
              + " uses the plug-in "
              + plugin
              + ", which is no longer there: name its new place with --plugins");
    }
  }

  /** The plug-ins among settings by name, if they are named. */
  public static Optional<List<String>> plugins(Map<String, ?> given) {
    return given.get(PLUGINS) instanceof Collection<?> places
        ? Optional.of(places.stream().map(String::valueOf).toList())
        : Optional.empty();
  }

  /**
   * The configuration of the run, after checking that a command line agrees with it. Plug-ins that
   * it names stand in the place of those the run had.
   *
   * @param given the settings the user named, by the names of {@link RunConfig}'s components
   * @throws AccreteException naming the first setting that differs, both values and what to do
   */
  public RunConfig config(Map<String, ?> given) {
    RunConfig stored = config(plugins(given));
    ObjectNode old = stored.tree();
    if (given.containsKey(STRATEGIES)) {
      JsonNode named = Json.MAPPER.valueToTree(given.get(STRATEGIES));
      if (!named.equals(old.get(STRATEGIES))) { // whose settings would not fit these
        throw different(STRATEGIES, old.get(STRATEGIES), named);
      }
    }
    Map<String, Object> others = new LinkedHashMap<>(given);
    others.remove(PLUGINS);
    ObjectNode wanted = stored.with(others).tree();
    for (String name : others.keySet()) {
      JsonNode before = old.get(name);
      JsonNode after = wanted.get(name);
      boolean automatic = name.equals("backend") && after.asText().equals("auto");
      if (!FREE.contains(name) && !automatic && !after.equals(before)) {
        throw different(name, before, after);
      }
    }
    RunConfig result = stored;
    for (String name : FREE) {
      if (given.containsKey(name)) {
        result = result.with(Collections.singletonMap(name, given.get(name)));
      }
    }
    return result;
  }

  private AccreteException different(String name, JsonNode before, JsonNode after) {
    return new AccreteException(
        "the run in "
            + path
            + " has "
            + name
            + " = "
            + RunConfig.text(before)
            + ", the command line says "
            + RunConfig.option(name)
            + " "
            + RunConfig.text(after)
            + ": leave the option out to go on with that run, or name another --out for a new one");
  }

  /** Whether nothing of a run was written yet. */
  public boolean isNew() {
    return !Files.exists(path.resolve(CONFIG));
  }

  void write(RunConfig config) {
    AtomicFiles.write(path.resolve(CONFIG), List.of(Json.bytes(config)));
  }

  /** Replaces {@code batches.csv}. */
  void writeBatches(List<String> groups, List<LedgerRow> rows) {
    AtomicFiles.write(
        batches(), List.of(BatchesCsv.text(groups, rows).getBytes(StandardCharsets.UTF_8)));
  }

  /** Appends one row. Not forced to disk: a resume writes the file anew from the checkpoints. */
  void appendBatch(LedgerRow row, int groups) {
    try {
      Files.writeString(batches(), BatchesCsv.line(row, groups) + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw Errors.unwritable(batches(), e);
    }
  }

  /** The file with a row for each strategy and experience. */
  public Path batches() {
    return path.resolve("batches.csv");
  }

  /** The file with the result of each strategy. */
  public Path summary() {
    return path.resolve("summary.json");
  }

  /** The page to look at. */
  public Path report() {
    return path.resolve("report.html");
  }

  /** The checkpoints of one strategy. */
  public CheckpointStore checkpoints(String strategy) {
    return new CheckpointStore(path.resolve(CHECKPOINTS).resolve(strategy), strategy);
  }

  /** The model of one strategy, written when it has learned all of the run. */
  public Path model(String strategy) {
    return path.resolve("models").resolve(strategy + ".safetensors");
  }

  void saveModel(String strategy, Model model) {
    Path file = model(strategy);
    try {
      Files.createDirectories(file.resolveSibling("."));
    } catch (IOException e) {
      throw Errors.unwritable(file, e);
    }
    model.save(file);
  }

  /**
   * The last checkpoint of one strategy, if it has learned something; read and verified anew at
   * every call.
   */
  public Optional<Checkpoint> checkpoint(String strategy) {
    return checkpoints(strategy).last();
  }

  private static void requireRun(Path path, String remedy) {
    if (!Files.exists(path.resolve(CONFIG))) {
      throw new AccreteException(
          Files.exists(path.resolve(CHECKPOINTS))
              ? withoutConfig(path)
              : "there is no run in " + path + " (no " + CONFIG + "): " + remedy);
    }
  }

  private static String withoutConfig(Path path) {
    return path
        + " holds checkpoints of a run but no "
        + CONFIG
        + ": restore it and add --resume, or name another --out";
  }

  private static String unreadable(Path file, String why) {
    return file + " cannot be read: " + why + "; restore it, or start anew in another --out";
  }

  /** Lets other processes use the folder; one in which no run began is as it was before. */
  @Override
  public void close() {
    if (lock == null) {
      return;
    }
    try {
      if (isNew() && !Files.exists(path.resolve(CHECKPOINTS))) {
        lock.remove();
        for (Path folder : made) {
          Files.delete(folder);
        }
      }
    } catch (IOException e) {
      LOG.debug("{} is left behind", path, e); // something else is in it by now
    } finally {
      lock.close();
    }
  }
}
