package dev.accrete.spark;

import static dev.accrete.spark.Spark.BACKEND;
import static dev.accrete.spark.Spark.CLASSES;
import static dev.accrete.spark.Spark.CONFIG;
import static dev.accrete.spark.Spark.SIDE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import dev.accrete.nn.image.ImageDecoder;
import dev.accrete.spark.DistributedLearning.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistributedLearningTest {
  private static final int IMAGES = 40;

  @TempDir private static Path folder;
  private SparkSession spark;
  private Path images;

  @BeforeAll
  void paint() throws IOException {
    spark = Spark.session();
    images = folder.resolve("images");
    for (String label : CLASSES) {
      Spark.paint(images, label, 0, IMAGES);
    }
    // The same image twice, which counts twice wherever the two are learned.
    Files.copy(images.resolve("eel/0.png"), images.resolve("eel/again.png"));
  }

  private Dataset<Row> files() {
    return LabelledFiles.ofFolder(spark, images.toString());
  }

  private static Outcome learn(Dataset<Row> data, Path learner) {
    return DistributedLearning.learn(data, learner, CONFIG, BACKEND);
  }

  /** Scores of all images but for what is added to all classes: logarithms of probabilities. */
  private double[] scores(Model model) {
    assertThat(model.classes()).isEqualTo(CLASSES);
    byte[] pixels = new byte[IMAGES * CLASSES.size() * 3 * SIDE * SIDE];
    int row = 0;
    for (String label : CLASSES) {
      for (int n = 0; n < IMAGES; n++) {
        Path file = images.resolve(label).resolve(n + ".png");
        ImageDecoder.decode(file, SIDE, pixels, row++ * 3 * SIDE * SIDE);
      }
    }
    try (Backend backend = Backends.create(BACKEND, new BackendOptions(1));
        Predictor predictor = model.withTemperature(1).open(backend)) {
      double[] scores = predictor.probabilities(pixels, row);
      for (int i = 0; i < scores.length; i++) {
        scores[i] = Math.log(scores[i]);
      }
      return scores;
    }
  }

  private double[] scores(Path learner) {
    return scores(Model.load(learner.resolve(DistributedLearning.MODEL)));
  }

  private static void assertSame(double[] found, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).as("score %d", i).isCloseTo(expected[i], within(1e-6));
    }
  }

  /** As one machine learns it, in one day. */
  private Model single() {
    List<Row> rows = files().collectAsList();
    byte[] pixels = new byte[rows.size() * 3 * SIDE * SIDE];
    int[] labels = new int[rows.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = CLASSES.indexOf(rows.get(i).getString(1));
      ImageDecoder.decode((byte[]) rows.get(i).get(2), "", SIDE, pixels, i * 3 * SIDE * SIDE);
    }
    try (Backend backend = Backends.create(BACKEND, new BackendOptions(1));
        ContinualLearner learner = ContinualLearner.create(CONFIG, backend)) {
      learner.learn(new InMemoryImageSet("all", SIDE, SIDE, CLASSES, labels, pixels));
      return learner.model();
    }
  }

  @Test
  void anyNumberOfPartitionsLearnsWhatOneMachineDoes() {
    double[] expected = scores(single());
    for (int parts : new int[] {1, 2, 7}) {
      Path learner = folder.resolve("parts-" + parts);
      Outcome outcome = learn(files().repartition(parts), learner);
      assertThat(outcome.images()).isEqualTo(3L * IMAGES + 1);
      assertThat(outcome.bad()).isZero();
      assertThat(outcome.classes()).isEqualTo(CLASSES);
      assertSame(scores(learner), expected);
    }
  }

  @Test
  void aTaskThatFailsAtFirstIsCountedOnce() {
    Path calm = folder.resolve("calm");
    Path shaken = folder.resolve("shaken");
    learn(files().repartition(3), calm);
    // The first attempt of every partition gives half its images, and fails.
    JavaRDD<Row> failing =
        files()
            .repartition(3)
            .javaRDD()
            .mapPartitions(
                rows -> {
                  List<Row> all = new ArrayList<>();
                  rows.forEachRemaining(all::add);
                  boolean first = TaskContext.get().attemptNumber() == 0;
                  return new FailingRows(all, first ? all.size() / 2 : all.size());
                });
    Outcome outcome = learn(spark.createDataFrame(failing, files().schema()), shaken);
    assertThat(outcome.images()).isEqualTo(3L * IMAGES + 1);
    assertSame(scores(shaken), scores(calm));
  }

  /** It takes a minute and 3 GiB of memory, so it is run when it is asked for. */
  @Test
  @EnabledIfSystemProperty(named = "accrete.cluster", matches = "true")
  void anExecutorThatIsKilledChangesNothing() throws IOException, InterruptedException {
    Path home = folder.resolve("spark-home");
    Files.createDirectories(home.resolve("jars"));
    Path learner = folder.resolve("killed");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> option.startsWith("--"))
            .toList());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            KilledExecutor.class.getName(),
            images.toString(),
            learner.toString()));
    ProcessBuilder child = new ProcessBuilder(command).redirectErrorStream(true);
    child.environment().put("SPARK_HOME", home.toString());
    // What Spark looks for beside its own start scripts.
    child.environment().put("SPARK_SCALA_VERSION", "2.13");
    Process process = child.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains(KilledExecutor.LOST + 1);
    assertSame(scores(learner), scores(single()));
  }

  @Test
  void moreImagesAreAddedAndTheSameAreNot() throws IOException {
    Path halves = folder.resolve("halves");
    Path first = folder.resolve("first");
    Path rest = folder.resolve("rest");
    for (String label : CLASSES.reversed()) {
      // Classes come in another order than that of their names: dog and eel, then cat.
      boolean late = label.equals("cat");
      Spark.paint(late ? rest : first, label, 0, IMAGES);
    }
    learn(LabelledFiles.ofFolder(spark, first.toString()), halves);
    Dataset<Row> later = LabelledFiles.ofFolder(spark, rest.toString());
    Outcome outcome = learn(later, halves);
    assertThat(outcome.images()).isEqualTo(IMAGES);
    assertThat(outcome.classes()).containsExactly("dog", "eel", "cat");
    assertThatThrownBy(() -> learn(later, halves))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("count twice");
  }

  @Test
  void imagesThatCannotBeLearnedAreNamed() throws IOException {
    Path damaged = folder.resolve("damaged");
    Spark.paint(damaged, "cat", 0, 5);
    Spark.paint(damaged, "dog", 0, 5);
    Files.writeString(damaged.resolve("dog/broken.png"), "no picture");
    Outcome outcome =
        learn(LabelledFiles.ofFolder(spark, damaged.toString()), folder.resolve("some"));
    assertThat(outcome.images()).isEqualTo(10);
    assertThat(outcome.bad()).isOne();
    assertThat(outcome.remarks()).singleElement().asString().contains("dog/broken.png");

    Path nothing = folder.resolve("nothing");
    Files.createDirectories(nothing.resolve("cat"));
    Files.writeString(nothing.resolve("cat/broken.png"), "no picture");
    assertThatThrownBy(
            () -> learn(LabelledFiles.ofFolder(spark, nothing.toString()), folder.resolve("none")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("cat/broken.png");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void aFolderIsReadInAsManyPartitionsAsAreWantedWhateverItsFilesAreCalled() throws IOException {
    Path source = folder.resolve("odd # 100%");
    Path odd = source.resolve("chat é");
    Path plain = folder.resolve("plain");
    Spark.paint(plain, "cat", 0, 4);
    Files.createDirectories(odd);
    Files.copy(plain.resolve("cat/0.png"), odd.resolve("a b?.png"));
    Files.copy(plain.resolve("cat/1.png"), odd.resolve("gone.PNG"));
    Files.copy(plain.resolve("cat/2.png"), odd.resolve("c%20d.png"));
    Files.writeString(odd.resolve("notes.txt"), "no image");
    try (RandomAccessFile vast = new RandomAccessFile(odd.resolve("vast.png").toFile(), "rw")) {
      vast.setLength(ImageDecoder.MAX_FILE + 1);
    }
    Dataset<Row> listed = LabelledFiles.of(spark, source.toString(), 3);
    Files.delete(odd.resolve("gone.PNG"));
    assertThat(listed.javaRDD().getNumPartitions()).isEqualTo(3);
    List<Row> rows = listed.collectAsList();
    assertThat(rows)
        .extracting(row -> row.getString(LabelledFiles.AT_NAME))
        .map(name -> name.substring(name.lastIndexOf('/') + 1))
        .containsExactlyInAnyOrder("a b?.png", "c%20d.png", "gone.PNG", "vast.png");
    assertThat(rows)
        .allMatch(row -> row.getString(LabelledFiles.AT_LABEL).equals("chat é"))
        .filteredOn(row -> !row.isNullAt(LabelledFiles.AT_ERROR))
        .extracting(row -> row.getString(LabelledFiles.AT_ERROR))
        .hasSize(2)
        .anyMatch(error -> error.contains("gone.PNG"))
        .anyMatch(error -> error.contains("no image has more than"));
    assertThat(rows)
        .filteredOn(row -> row.isNullAt(LabelledFiles.AT_ERROR))
        .allMatch(row -> ((byte[]) row.get(LabelledFiles.AT_CONTENT)).length > 0);
  }

  @Test
  void aStrategyWhoseKnowledgeIsNoSumIsRefused() {
    LearnerConfig naive = LearnerConfig.of("small-cnn", SIDE, "naive").withWeights("none");
    Path learner = folder.resolve("naive");
    assertThatThrownBy(() -> DistributedLearning.learn(files(), learner, naive, BACKEND))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("naive")
        .hasMessageContaining("analytic or slda");
    assertThat(learner).doesNotExist();
  }
}
