package dev.accrete.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.cl.chart.Html;
import dev.accrete.cl.chart.Page;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.run.InputLoader;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunDirectory;
import dev.accrete.cl.run.RunInputs;
import dev.accrete.cl.run.RunLoop;
import dev.accrete.cl.run.RunObserver;
import dev.accrete.cl.run.RunResults;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Runs of the research loop as tasks: every folder below one that all machines see holds a {@code
 * config.json} as {@code accrete run} writes it. A run that was interrupted goes on, one that is
 * over is left alone, and what all of them came to is one table and one page.
 */
public final class ManyRuns {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUMMARY = "summary.json";

  private ManyRuns() {}

  /**
   * How one strategy of one run ended.
   *
   * @param accuracy on the test set at the end, 0..1
   */
  public record Row(
      String run, String strategy, double accuracy, double average, double tmac, double seconds) {}

  /**
   * Does what is left of all runs.
   *
   * @param folder every folder in it with a {@code config.json} is a run
   * @return all that ended, in the order of their names
   * @throws AccreteException if there is no run, or some failed; the others are done then
   */
  public static List<Row> run(SparkSession spark, Path folder) {
    List<String> names = names(folder);
    String home = folder.toAbsolutePath().toString();
    List<String> failures =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(names, names.size())
            .map(name -> attempt(Path.of(home, name)))
            .filter(failure -> !failure.isEmpty())
            .collect();
    List<Row> rows = gather(folder, names);
    write(folder, rows);
    if (!failures.isEmpty()) {
      throw new AccreteException(
          failures.size()
              + " of "
              + names.size()
              + " runs failed; start again when this is mended: "
              + String.join("; ", failures));
    }
    return rows;
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      List<String> names =
          all.filter(run -> Files.isRegularFile(run.resolve("config.json")))
              .map(run -> run.getFileName().toString())
              .sorted()
              .toList();
      if (names.isEmpty()) {
        throw new AccreteException(
            folder
                + " holds no run: make folders with a config.json each, as accrete run writes it");
      }
      return names;
    } catch (IOException e) {
      throw new AccreteException("cannot look into " + folder + ": " + e, e);
    }
  }

  /** What went wrong, or nothing: one bad run must not end the job of the others. */
  private static String attempt(Path run) {
    if (Files.exists(run.resolve(SUMMARY))) {
      return "";
    }
    try (RunDirectory directory = RunDirectory.resume(run)) {
      RunConfig config =
          directory.config().with(Map.of("threads", Math.max(1, TaskContext.get().cpus())));
      try (RunInputs inputs = new InputLoader(config, name -> ProgressListener.NONE).load()) {
        RunConfig resolved = config.with(Map.of("backend", inputs.backend().name()));
        RunResults.write(
            resolved,
            directory,
            inputs,
            new RunLoop(resolved, directory, inputs, RunObserver.NONE).run());
      }
      return "";
    } catch (AccreteException | IllegalArgumentException e) {
      return run.getFileName() + ": " + e.getMessage();
    }
  }

  private static List<Row> gather(Path folder, List<String> names) {
    List<Row> rows = new ArrayList<>();
    for (String name : names) {
      Path file = folder.resolve(name).resolve(SUMMARY);
      if (!Files.exists(file)) {
        continue;
      }
      JsonNode strategies;
      try {
        strategies = JSON.readTree(file.toFile()).path("strategies");
      } catch (IOException e) {
        throw new AccreteException("cannot read " + file + ": " + e.getMessage(), e);
      }
      for (Map.Entry<String, JsonNode> entry : strategies.properties()) {
        JsonNode result = entry.getValue();
        rows.add(
            new Row(
                name,
                entry.getKey(),
                result.path("finalAccuracy").asDouble(Double.NaN),
                result.path("averageAccuracy").asDouble(Double.NaN),
                result.path("trainMacs").asDouble() / 1e12,
                result.path("trainSeconds").asDouble()));
      }
    }
    return List.copyOf(rows);
  }

  private static void write(Path folder, List<Row> rows) {
    StringBuilder csv = new StringBuilder("run,strategy,accuracy,average,tmac,seconds\n");
    StringBuilder html =
        new StringBuilder("<h1>Runs</h1>\n<table>\n<tr><th>run</th><th>strategy</th>")
            .append(
                "<th>final<br>accuracy</th><th>average</th><th>TMAC</th><th>seconds</th></tr>\n");
    for (Row row : rows) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%s,%s,%.4f,%.4f,%.4f,%.1f%n",
              row.run,
              row.strategy,
              row.accuracy,
              row.average,
              row.tmac,
              row.seconds));
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%s</td><td>%.1f%%</td><td>%.1f%%</td><td>%.2f</td><td>%.1f</td>"
                  + "</tr>\n",
              Html.escape(row.run),
              Html.escape(row.strategy),
              100 * row.accuracy,
              100 * row.average,
              row.tmac,
              row.seconds));
    }
    html.append("</table>\n");
    AtomicFiles.write(
        folder.resolve("runs.csv"), List.of(csv.toString().getBytes(StandardCharsets.UTF_8)));
    AtomicFiles.write(
        folder.resolve("runs.html"),
        List.of(Page.of("Runs", html.toString()).getBytes(StandardCharsets.UTF_8)));
  }
}
