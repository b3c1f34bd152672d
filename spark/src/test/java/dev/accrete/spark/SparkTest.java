package dev.accrete.spark;

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
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoreConfig;
import dev.accrete.spark.DistributedLearning.Outcome;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SparkTest {
  private static final int SIDE = 16;
  private static final int IMAGES = 40;
  private static final List<String> CLASSES = List.of("cat", "dog", "eel");
  private static final String BACKEND = "vector";

  @TempDir private static Path folder;
  private final LearnerConfig config = LearnerConfig.of("small-cnn", SIDE, "analytic").withSeed(3);
  private SparkSession spark;
  private Path images;

  @BeforeAll
  void start() throws IOException {
    // Two tasks at once, each of which may fail three times.
    spark =
        SparkSession.builder()
            .master("local[2,4]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    images = folder.resolve("images");
    for (String label : CLASSES) {
      paint(images, label, 0, IMAGES);
    }
    Files.writeString(images.resolve("dog").resolve("broken.png"), "no picture");
  }

  @AfterAll
  void stop() {
    spark.stop();
  }

  private static void paint(Path place, String label, int from, int to) throws IOException {
    Files.createDirectories(place.resolve(label));
    for (int n = from; n < to; n++) {
      Random random = new Random(31L * label.hashCode() + n);
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      int tint = 0x3F << (8 * CLASSES.indexOf(label));
      for (int i = 0; i < SIDE * SIDE; i++) {
        image.setRGB(i % SIDE, i / SIDE, (random.nextInt(1 << 24) & 0x7F7F7F) + tint);
      }
      ImageIO.write(image, "png", place.resolve(label).resolve(n + ".png").toFile());
    }
  }

  private Dataset<Row> files() {
    return LabelledFiles.ofFolder(spark, images.toString());
  }

  private Outcome learn(Dataset<Row> data, Path learner) {
    return DistributedLearning.learn(data, learner, config, BACKEND);
  }

  /** Log-probabilities that a learner's model gives all images, before its temperature. */
  private double[] scores(Path learner) {
    Model model = Model.load(learner.resolve("model.safetensors")).withTemperature(1);
    byte[] pixels = new byte[IMAGES * CLASSES.size() * 3 * SIDE * SIDE];
    int row = 0;
    for (String label : CLASSES) {
      for (int n = 0; n < IMAGES; n++) {
        ImageDecoder.decode(
            images.resolve(label).resolve(n + ".png"), SIDE, pixels, row++ * 3 * SIDE * SIDE);
      }
    }
    try (Backend backend = Backends.create(BACKEND, new BackendOptions(1));
        Predictor predictor = model.open(backend)) {
      assertThat(predictor.model().classes()).isEqualTo(CLASSES);
      return predictor.probabilities(pixels, row);
    }
  }

  @Test
  void anyNumberOfPartitionsLearnsWhatOneMachineDoes() {
    Path single = folder.resolve("single");
    List<Row> rows = new ArrayList<>(files().collectAsList());
    rows.removeIf(row -> row.getString(0).contains("broken"));
    try (Backend backend = Backends.create(BACKEND, new BackendOptions(1));
        ContinualLearner learner = ContinualLearner.create(config.withClasses(CLASSES), backend)) {
      byte[] pixels = new byte[rows.size() * 3 * SIDE * SIDE];
      int[] labels = new int[rows.size()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = CLASSES.indexOf(rows.get(i).getString(1));
        ImageDecoder.decode((byte[]) rows.get(i).get(2), "", SIDE, pixels, i * 3 * SIDE * SIDE);
      }
      learner.learn(new InMemoryImageSet("all", SIDE, SIDE, CLASSES, labels, pixels));
      learner.save(single);
    }
    double[] expected = scores(single);
    for (int parts : new int[] {1, 2, 7}) {
      Path learner = folder.resolve("parts-" + parts);
      Outcome outcome = learn(files().repartition(parts), learner);
      assertThat(outcome.images()).isEqualTo(rows.size());
      assertThat(outcome.bad()).isOne();
      assertThat(outcome.remarks()).singleElement().asString().contains("dog/broken.png");
      assertThat(outcome.classes()).isEqualTo(CLASSES);
      double[] found = scores(learner);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).as("%d parts, %d", parts, i).isCloseTo(expected[i], within(1e-6));
      }
    }
  }

  @Test
  void aTaskThatFailsIsCountedOnce() {
    Path calm = folder.resolve("calm");
    Path shaken = folder.resolve("shaken");
    learn(files().repartition(3), calm);
    // The first attempt of every partition gives half its images and fails.
    JavaRDD<Row> failing =
        files()
            .repartition(3)
            .javaRDD()
            .mapPartitions(
                rows -> {
                  int attempt = TaskContext.get().attemptNumber();
                  List<Row> all = new ArrayList<>();
                  rows.forEachRemaining(all::add);
                  return new FailingRows(all, attempt == 0 ? all.size() / 2 : all.size());
                });
    Outcome outcome = learn(spark.createDataFrame(failing, files().schema()), shaken);
    assertThat(outcome.images()).isEqualTo(3L * IMAGES);
    double[] expected = scores(calm);
    double[] found = scores(shaken);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void moreImagesAreAddedAndTheSameAreNot() throws IOException {
    Path learner = folder.resolve("grown");
    learn(files(), learner);
    Path more = folder.resolve("more");
    paint(more, "cat", IMAGES, IMAGES + 5);
    assertThat(learn(LabelledFiles.ofFolder(spark, more.toString()), learner).images())
        .isEqualTo(5);
    assertThatThrownBy(() -> learn(LabelledFiles.ofFolder(spark, more.toString()), learner))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("count twice");
    assertThatThrownBy(
            () ->
                DistributedLearning.learn(
                    files(),
                    folder.resolve("naive"),
                    LearnerConfig.of("small-cnn", SIDE, "naive"),
                    BACKEND))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("naive");
    assertThat(folder.resolve("naive")).doesNotExist();
  }

  @Test
  void answersAreATableAndBadImagesAColumn() {
    Path learner = folder.resolve("asked");
    learn(files(), learner);
    Path table = folder.resolve("answers.parquet");
    DistributedPrediction.predict(
            spark, files().repartition(3), learner.resolve("model.safetensors"), BACKEND)
        .write()
        .parquet(table.toString());
    Map<String, Row> answers = new TreeMap<>();
    spark
        .read()
        .parquet(table.toString())
        .collectAsList()
        .forEach(row -> answers.put(row.getAs("name"), row));
    assertThat(answers).hasSize(3 * IMAGES + 1);
    Row broken = answers.remove("dog/broken.png");
    assertThat((String) broken.getAs("error")).contains("broken.png");
    assertThat(broken.isNullAt(broken.fieldIndex("class"))).isTrue();
    double[] expected = scores(learner);
    long right = 0;
    for (Row row : answers.values()) {
      String name = row.getAs("name");
      right += name.startsWith((String) row.getAs("class")) ? 1 : 0;
      assertThat(row.<Double>getAs("probability")).isBetween(1.0 / CLASSES.size(), 1.0);
      assertThat(row.getList(row.fieldIndex("probabilities"))).hasSize(CLASSES.size());
    }
    assertThat(right).isGreaterThan(expected.length / CLASSES.size() * 8L / 10);
  }

  @Test
  void aStreamThatStartsAgainAddsNothing() throws Exception {
    Path store = folder.resolve("store");
    Store.init(store, StoreConfig.of(config)).close();
    Path arriving = folder.resolve("arriving");
    paint(arriving, "cat", 100, 110);
    paint(arriving, "dog", 100, 110);
    List<DayReport> days = new ArrayList<>();
    stream(arriving, store, "first", days);
    assertThat(days).singleElement().satisfies(day -> assertThat(day.changed()).isTrue());
    int all = count(store);
    assertThat(all).isEqualTo(20);

    stream(arriving, store, "first", days);
    assertThat(days).as("the checkpoint knows").hasSize(1);
    stream(arriving, store, "second", days);
    assertThat(days).as("a new checkpoint does not, the store does").hasSize(2);
    assertThat(days.getLast().changed()).isFalse();
    paint(arriving, "eel", 100, 105);
    stream(arriving, store, "third", days);
    assertThat(days.getLast().added()).isEqualTo(5);
    assertThat(count(store)).isEqualTo(25);
  }

  private void stream(Path from, Path store, String checkpoint, List<DayReport> days)
      throws Exception {
    DayStream.start(
            spark,
            from.toString(),
            store,
            "stream",
            1000,
            folder.resolve(checkpoint).toString(),
            true,
            days::add)
        .awaitTermination();
  }

  private static int count(Path store) {
    try (Store open = Store.open(store)) {
      return open.days().stream().mapToInt(day -> day.train() + day.regression()).sum();
    }
  }
}
