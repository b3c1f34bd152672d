package dev.accrete.spark;

import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backends;
import dev.accrete.production.store.DayReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code spark-submit} runs, and {@code spark/run} on one machine. */
@Command(
    name = "accrete-spark",
    description = "Learn, predict, take days in and run experiments over the partitions of Spark.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
public final class Main {
  @Option(
      names = "--master",
      description = "Where it runs, unless spark-submit says so. Default: local[*].",
      defaultValue = "local[*]")
  private String master;

  @Option(
      names = "--backend",
      description = "What computes, on the driver and in executors. Default: auto.",
      defaultValue = Backends.AUTO)
  private String backend;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "How many parts images are worked on in. Default: one for each core.")
  private @Nullable Integer partitions;

  private Main() {}

  /** Runs a command; exit status 1 and one line on what a user can mend, 2 for bad usage. */
  public static void main(String[] arguments) {
    int status = execute(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  static int execute(String... arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          Optional<String> told = told(exception);
          if (told.isEmpty()) {
            throw exception;
          }
          command.getErr().println("accrete-spark: " + told.get());
          return 1;
        });
    return line.execute(arguments);
  }

  /** The line that a user can do something about, however deep Spark has wrapped it. */
  private static Optional<String> told(Throwable exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof AccreteException) {
        return Optional.ofNullable(cause.getMessage());
      }
    }
    return Optional.empty();
  }

  /** What a new learner is. */
  static final class Learner {
    @Option(
        names = "--model",
        description = "New learner: default mobilenet-v1:0.5.",
        defaultValue = "mobilenet-v1:0.5")
    private String model;

    @Option(names = "--image-size", description = "New learner: default 64.", defaultValue = "64")
    private int size;

    @Option(
        names = "--strategy",
        description = "New learner: analytic (the default) or slda.",
        defaultValue = "analytic")
    private String strategy;

    @Option(
        names = "--set",
        paramLabel = "NAME=VALUE",
        description = "New learner: a setting of the strategy.")
    private Map<String, String> settings = new TreeMap<>();

    @Option(
        names = "--weights",
        description = "New learner: auto (the default), none or a file on the driver.",
        defaultValue = LearnerConfig.WEIGHTS_AUTO)
    private String weights;

    LearnerConfig config() {
      return LearnerConfig.of(model, size, strategy).withSettings(settings).withWeights(weights);
    }
  }

  private SparkSession session() {
    return SparkSession.builder()
        .appName("accrete")
        .master(System.getProperty("spark.master", master))
        .config("spark.ui.enabled", System.getProperty("spark.ui.enabled", "false"))
        .getOrCreate();
  }

  private Dataset<Row> images(SparkSession spark, String source) {
    int parts = partitions == null ? Partitions.wanted(spark) : partitions;
    return LabelledFiles.of(spark, source, parts);
  }

  @Command(
      name = "learn",
      description =
          "Learn images into a learner's folder, which accrete learn, predict and merge read too.",
      mixinStandardHelpOptions = true)
  int learn(
      @Parameters(paramLabel = "LEARNER", description = "Its folder; made if it is not there.")
          Path folder,
      @Parameters(
              paramLabel = "IMAGES",
              description =
                  "A folder of class folders, of which only files with an image's ending are looked"
                      + " at; a table NAME.parquet (name, label, content); or a manifest"
                      + " NAME.csv (path,label).")
          String source,
      @Mixin Learner learner)
      throws IOException {
    LearnerConfig config = learner.config();
    try (SparkSession spark = session()) {
      long began = System.nanoTime();
      DistributedLearning.Outcome outcome =
          DistributedLearning.learn(images(spark, source), folder, config, backend);
      double seconds = (System.nanoTime() - began) / 1e9;
      outcome.remarks().forEach(remark -> System.err.println("left out: " + remark));
      System.out.printf(
          Locale.ROOT,
          "%d images in %.1f s, %d left out, %d classes; model: %s%n",
          outcome.images(),
          seconds,
          outcome.bad(),
          outcome.classes().size(),
          folder.resolve(DistributedLearning.MODEL));
      return 0;
    }
  }

  @Command(
      name = "predict",
      description =
          "Write a model's answers as a table: name, class, probability, probabilities, or error.",
      mixinStandardHelpOptions = true)
  int predict(
      @Parameters(paramLabel = "MODEL", description = "A file, such as LEARNER/model.safetensors.")
          Path model,
      @Parameters(paramLabel = "IMAGES", description = "As for learn; labels may be missing.")
          String source,
      @Parameters(paramLabel = "TABLE", description = "Where Parquet files go; not there yet.")
          String table,
      @Option(
              names = "--latents",
              description = "Features that the model's head reads too; takes twice the time.")
          boolean latents)
      throws IOException {
    try (SparkSession spark = session()) {
      DistributedPrediction.predict(images(spark, source), model, latents, backend)
          .write()
          .parquet(table);
      System.out.println("answers: " + table);
      return 0;
    }
  }

  @Command(
      name = "ingest",
      description =
          "Take images into a store as they arrive in a folder of class folders; every micro-batch"
              + " is a day.",
      mixinStandardHelpOptions = true)
  int ingest(
      @Parameters(paramLabel = "STORE", description = "Its folder, on the driver.") Path store,
      @Parameters(paramLabel = "FOLDER", description = "Where files arrive.") String folder,
      @Option(
              names = "--checkpoint",
              required = true,
              description = "A folder of Spark's; with a new one all files are looked at again.")
          String checkpoint,
      @Option(names = "--day", defaultValue = "stream", description = "What days are called.")
          String prefix,
      @Option(names = "--most", defaultValue = "10000", description = "Files of a day.") int most,
      @Option(names = "--once", description = "End when what is there now is in.") boolean once,
      @Option(
              names = "--new-classes",
              description =
                  "Labels that are not declared become classes. Default: as the policy says.")
          boolean newClasses)
      throws IOException, TimeoutException, StreamingQueryException {
    try (SparkSession spark = session()) {
      DayStream.Target target =
          new DayStream.Target(store, prefix, checkpoint, once, newClasses, backend);
      DayStream.start(spark, folder, most, target, Main::tell).awaitTermination();
      return 0;
    }
  }

  private static void tell(DayStream.Arrival arrival) {
    String known =
        arrival.known() == 0 ? "" : "; left out, in the store already: " + arrival.known();
    System.out.println(
        arrival.day() + ": " + arrival.report().map(Main::line).orElse("nothing new") + known);
  }

  private static String line(DayReport report) {
    int images = report.day().train() + report.day().regression();
    return images
        + " images, "
        + report.day().quarantined()
        + " set aside"
        + report.day().refusal().map(why -> "; refused: " + why).orElse("");
  }

  @Command(
      name = "runs",
      description =
          "Do what is left of the runs in a folder, and of every combination named here. Writes"
              + " runs.csv and runs.html.",
      mixinStandardHelpOptions = true)
  int runs(
      @Parameters(paramLabel = "FOLDER", description = "One that all machines see.") Path folder,
      @Option(names = "--strategy", split = ",", description = "A run each.")
          @Nullable List<String> strategies,
      @Option(names = "--order", split = ",", description = "Orders of the stream. Default: 0.")
          @Nullable List<Integer> orders,
      @Option(names = "--seed", split = ",", description = "Default: 0.")
          @Nullable List<Long> seeds,
      @Option(
              names = "--try",
              paramLabel = "NAME=V1,V2",
              description = "Values of a setting of the strategies.")
          @Nullable Map<String, String> settings,
      @Option(
              names = "--all",
              paramLabel = "NAME=VALUE",
              description =
                  "What all runs have in common, as config.json calls it, such as"
                      + " scenario=nicv2-79 or imageSize=64.")
          @Nullable Map<String, String> common)
      throws IOException {
    Map<String, List<String>> tried = new TreeMap<>();
    if (settings != null) {
      settings.forEach((name, values) -> tried.put(name, List.of(values.split(","))));
    }
    Map<String, RunConfig> planned =
        planned(
            new TreeMap<>(common == null ? Map.of() : common),
            strategies == null ? List.of() : strategies,
            orders == null ? List.of(0) : orders,
            seeds == null ? List.of(0L) : seeds,
            tried);
    try (SparkSession spark = session()) {
      for (ManyRuns.Row row : ManyRuns.run(spark, folder, planned)) {
        System.out.printf(
            Locale.ROOT,
            "%-40s %-12s %5.1f%%  %.3f TMAC%n",
            row.run(),
            row.strategy(),
            100 * row.accuracy(),
            row.tmac());
      }
      return 0;
    }
  }

  private static Map<String, RunConfig> planned(
      Map<String, String> common,
      List<String> strategies,
      List<Integer> orders,
      List<Long> seeds,
      Map<String, List<String>> settings) {
    try {
      RunConfig config = RunConfig.defaults().with(common);
      return new Grid(config, strategies, orders, seeds, settings).runs();
    } catch (IllegalArgumentException e) {
      throw new AccreteException(String.valueOf(e.getMessage()), e);
    }
  }

  @Command(
      name = "measure",
      description =
          "Images per second that are decoded and learned with Spark and without, in turns; the"
              + " first round warms up.",
      mixinStandardHelpOptions = true)
  int measure(
      @Parameters(paramLabel = "FOLDER", description = "A folder of class folders.") String folder,
      @Option(names = "--rounds", defaultValue = "3", description = "Default: 3.") int rounds,
      @Mixin Learner learner)
      throws IOException {
    LearnerConfig config = learner.config();
    try (SparkSession spark = session()) {
      int threads = spark.sparkContext().defaultParallelism();
      Throughput throughput = new Throughput(config, backend, threads);
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        double single = throughput.single(folder);
        double spread = throughput.spread(images(spark, folder));
        ratios.add(spread / single);
        System.out.printf(
            Locale.ROOT,
            "round %d, %d threads: one machine's learner %.0f images/s, Spark %.0f, ratio %.2f%n",
            round,
            threads,
            single,
            spread,
            spread / single);
      }
      double[] sorted = ratios.stream().skip(1).mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      if (sorted.length > 0) {
        System.out.printf(Locale.ROOT, "median ratio: %.2f%n", sorted[sorted.length / 2]);
      }
      return 0;
    }
  }
}
