package dev.accrete.spark;

import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backends;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code spark-submit} runs, and {@code spark/run} on one machine. */
@Command(
    name = "accrete-spark",
    description = "Learn, predict, take days in and run experiments over the partitions of Spark.",
    mixinStandardHelpOptions = true)
public final class Main {
  @Option(
      names = "--master",
      description = "Where it runs, unless spark-submit says so. Default: local[*].",
      defaultValue = "local[*]")
  private String master;

  @Option(names = "--backend", defaultValue = Backends.AUTO, description = "Default: auto.")
  private String backend;

  private Main() {}

  /** Runs a command; exit status 1 and one line on what a user can mend. */
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof AccreteException) {
              command.getErr().println("accrete-spark: " + cause.getMessage());
              return 1;
            }
          }
          throw exception;
        });
    System.exit(line.execute(arguments));
  }

  private SparkSession session() {
    return SparkSession.builder()
        .appName("accrete")
        .master(System.getProperty("spark.master", master))
        .config("spark.ui.enabled", System.getProperty("spark.ui.enabled", "false"))
        .getOrCreate();
  }

  private static Dataset<Row> images(SparkSession spark, String source) {
    return source.endsWith(".parquet")
        ? LabelledFiles.ofParquet(spark, source)
        : LabelledFiles.ofFolder(spark, source);
  }

  @Command(
      name = "learn",
      description =
          "Learn images into a learner's folder, which accrete learn, predict and merge read too.",
      mixinStandardHelpOptions = true)
  int learn(
      @Parameters(paramLabel = "LEARNER", description = "Its folder; made if it is not there.")
          Path learner,
      @Parameters(
              paramLabel = "IMAGES",
              description = "A folder of class folders, or a table NAME.parquet.")
          String source,
      @Option(names = "--model", defaultValue = "mobilenet-v1:0.5", description = "Of a new one.")
          String model,
      @Option(names = "--image-size", defaultValue = "64", description = "Of a new one.") int size,
      @Option(names = "--strategy", defaultValue = "analytic", description = "analytic or slda.")
          String strategy,
      @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A setting of it.")
          Map<String, String> settings)
      throws IOException {
    try (SparkSession spark = session()) {
      long began = System.nanoTime();
      LearnerConfig config =
          LearnerConfig.of(model, size, strategy)
              .withSettings(settings == null ? Map.of() : settings);
      DistributedLearning.Outcome outcome =
          DistributedLearning.learn(images(spark, source), learner, config, backend);
      double seconds = (System.nanoTime() - began) / 1e9;
      outcome.remarks().forEach(remark -> System.err.println("left out: " + remark));
      System.out.printf(
          Locale.ROOT,
          "learned %,d images of %d classes in %.1f s (%.0f/s); %d left out%n",
          outcome.images(),
          outcome.classes().size(),
          seconds,
          (double) outcome.images() / seconds,
          outcome.bad());
      return 0;
    }
  }

  @Command(
      name = "predict",
      description = "Write a model's answers as a table: name, class, probabilities, or the error.",
      mixinStandardHelpOptions = true)
  int predict(
      @Parameters(paramLabel = "MODEL", description = "A file, such as LEARNER/model.safetensors.")
          Path model,
      @Parameters(paramLabel = "IMAGES", description = "A folder, or a table NAME.parquet.")
          String source,
      @Parameters(paramLabel = "TABLE", description = "Where Parquet files go; not there yet.")
          String table)
      throws IOException {
    try (SparkSession spark = session()) {
      DistributedPrediction.predict(spark, images(spark, source), model, backend)
          .write()
          .parquet(table);
      System.out.println("answers: " + table);
      return 0;
    }
  }

  @Command(
      name = "ingest",
      description = "Take images into a store as they arrive in a folder of class folders.",
      mixinStandardHelpOptions = true)
  int ingest(
      @Parameters(paramLabel = "STORE", description = "Its folder, on the driver.") Path store,
      @Parameters(paramLabel = "FOLDER", description = "Where files arrive.") String folder,
      @Option(
              names = "--checkpoint",
              required = true,
              description = "A folder of Spark's; without it all files are looked at again.")
          String checkpoint,
      @Option(names = "--day", defaultValue = "stream", description = "What days are called.")
          String prefix,
      @Option(names = "--most", defaultValue = "10000", description = "Files of a day.") int most,
      @Option(names = "--once", description = "End when what is there now is in.") boolean once)
      throws IOException, TimeoutException, StreamingQueryException {
    try (SparkSession spark = session()) {
      DayStream.start(
              spark,
              folder,
              store,
              prefix,
              most,
              checkpoint,
              once,
              report ->
                  System.out.printf(
                      "%s: %d images, %d set aside%s%n",
                      report.day().name(),
                      report.day().train() + report.day().regression(),
                      report.day().quarantined(),
                      report.changed() ? "" : ", nothing new"))
          .awaitTermination();
      return 0;
    }
  }

  @Command(
      name = "runs",
      description =
          "Do what is left of all runs of a folder: one for each folder in it with a config.json."
              + " Writes runs.csv and runs.html.",
      mixinStandardHelpOptions = true)
  int runs(
      @Parameters(paramLabel = "FOLDER", description = "One that all machines see.") Path folder)
      throws IOException {
    try (SparkSession spark = session()) {
      ManyRuns.run(spark, folder)
          .forEach(
              row ->
                  System.out.printf(
                      Locale.ROOT,
                      "%-24s %-12s %5.1f%%  %.2f TMAC%n",
                      row.run(),
                      row.strategy(),
                      100 * row.accuracy(),
                      row.tmac()));
      return 0;
    }
  }
}
