package dev.accrete.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.run.InputLoader;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunDirectory;
import dev.accrete.cl.run.RunInputs;
import dev.accrete.cl.run.RunLoop;
import dev.accrete.cl.run.RunObserver;
import dev.accrete.cl.run.RunResults;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Runs of the research loop as tasks, each in a folder of its own below one that all machines see.
 * A run that was interrupted goes on from its checkpoint, one that is over is left alone, and what
 * all of them came to is one table and one page.
 */
public final class ManyRuns {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "config.json";
  private static final String SUMMARY = "summary.json";

  private ManyRuns() {}

  /**
   * How one strategy of one run ended.
   *
   * @param order of the stream
   * @param accuracy on the test set at the end, 0..1; NaN if nothing was tested
   * @param average the mean of that over the stream
   * @param tmac multiply-accumulates of all training, in 1e12
   * @param seconds of all training
   * @param state SHA-256 of the state at the end: equal for runs that ended in the same bits
   */
  public record Row(
      String run,
      String strategy,
      int order,
      long seed,
      double accuracy,
      double average,
      double tmac,
      double seconds,
      String state) {}

  /**
   * Does what is left of all runs.
   *
   * @param folder every folder in it with a {@code config.json} is a run too
   * @param planned runs that are begun unless they are there, by the name of their folder
   * @return how those ended that did, in the order of their names
   * @throws AccreteException if there is no run, or some failed; the others are done then
   */
  public static List<Row> run(SparkSession spark, Path folder, Map<String, RunConfig> planned) {
    Map<String, String> runs = runs(folder, planned);
    String home = folder.toAbsolutePath().toString();
    List<Tuple2<String, String>> tasks = new ArrayList<>();
    runs.forEach((name, settings) -> tasks.add(new Tuple2<>(name, settings)));
    List<String> failures =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(tasks, tasks.size())
            .map(task -> attempt(Path.of(home, task._1()), task._2()))
            .filter(failure -> !failure.isEmpty())
            .collect();
    List<Row> rows = gather(folder, List.copyOf(runs.keySet()));
    RunTable.write(folder, rows);
    if (!failures.isEmpty()) {
      throw new AccreteException(
          failures.size()
              + " of "
              + runs.size()
              + " runs failed; start again when this is mended: "
              + String.join("; ", failures));
    }
    return rows;
  }

  /** Settings of runs to begin as JSON, and nothing for those that have their own, by name. */
  private static Map<String, String> runs(Path folder, Map<String, RunConfig> planned) {
    Map<String, String> runs = new TreeMap<>();
    planned.forEach((name, config) -> runs.put(name, JSON.valueToTree(config).toString()));
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(run -> Files.isRegularFile(run.resolve(CONFIG)))
            .forEach(run -> runs.putIfAbsent(String.valueOf(run.getFileName()), ""));
      } catch (IOException e) {
        throw new AccreteException("cannot look into " + folder + ": " + e, e);
      }
    }
    if (runs.isEmpty()) {
      throw new AccreteException(
          folder
              + " holds no run: name strategies, or make folders with a config.json each, as"
              + " accrete run writes it");
    }
    return runs;
  }

  /** What went wrong, or nothing: one bad run must not end the job of the others. */
  private static String attempt(Path run, String settings) {
    try (RunDirectory directory =
        Files.exists(run.resolve(CONFIG)) ? RunDirectory.resume(run) : RunDirectory.create(run)) {
      RunConfig config = config(directory, settings);
      if (!Files.exists(run.resolve(SUMMARY))) {
        carryOut(config.with(Map.of("threads", TaskContext.get().cpus())), directory);
      }
      return "";
    } catch (AccreteException | IllegalArgumentException | IOException e) {
      return run.getFileName() + ": " + e.getMessage();
    }
  }

  /** The run's own settings, which have to be those planned; or those planned. */
  private static RunConfig config(RunDirectory directory, String settings) throws IOException {
    if (settings.isEmpty()) {
      return directory.config();
    }
    Map<String, Object> planned = new TreeMap<>();
    JSON.readTree(settings).properties().forEach(e -> planned.put(e.getKey(), e.getValue()));
    return directory.isNew() ? RunConfig.defaults().with(planned) : directory.config(planned);
  }

  private static void carryOut(RunConfig config, RunDirectory directory) {
    try (RunInputs inputs = new InputLoader(config, name -> ProgressListener.NONE).load()) {
      RunConfig resolved = config.with(Map.of("backend", inputs.backend().name()));
      RunLoop loop = new RunLoop(resolved, directory, inputs, RunObserver.NONE);
      RunResults.write(resolved, directory, inputs, loop.run());
    }
  }

  private static List<Row> gather(Path folder, List<String> names) {
    List<Row> rows = new ArrayList<>();
    for (String name : names) {
      Path file = folder.resolve(name).resolve(SUMMARY);
      if (Files.exists(file)) {
        rows.addAll(rows(name, file));
      }
    }
    return List.copyOf(rows);
  }

  private static List<Row> rows(String name, Path file) {
    JsonNode summary;
    try {
      summary = JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new AccreteException(
          "cannot read " + file + ": " + e.getMessage() + "; remove it, and it is made again", e);
    }
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : summary.path("strategies").properties()) {
      JsonNode result = entry.getValue();
      rows.add(
          new Row(
              name,
              entry.getKey(),
              summary.path("run").asInt(),
              summary.path("seed").asLong(),
              result.path("finalAccuracy").asDouble(Double.NaN),
              result.path("averageAccuracy").asDouble(Double.NaN),
              (double) result.path("trainMacs").asLong() / 1e12,
              result.path("trainSeconds").asDouble(),
              result.path("stateSha256").asText()));
    }
    return rows;
  }
}
