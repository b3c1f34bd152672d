package dev.accrete.spark;

import static dev.accrete.spark.Spark.BACKEND;
import static dev.accrete.spark.Spark.CLASSES;
import static dev.accrete.spark.Spark.CONFIG;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.cl.data.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistributedPredictionTest {
  private static final int IMAGES = 20;

  @TempDir private static Path folder;
  private SparkSession spark;
  private Path images;
  private Path model;

  @BeforeAll
  void learn() throws IOException {
    spark = Spark.session();
    images = folder.resolve("images");
    for (String label : CLASSES) {
      Spark.paint(images, label, 0, IMAGES);
    }
    Path learner = folder.resolve("learner");
    Dataset<Row> files = LabelledFiles.ofFolder(spark, images.toString());
    DistributedLearning.learn(files.coalesce(1), learner, CONFIG, BACKEND);
    model = learner.resolve(DistributedLearning.MODEL);
    Files.writeString(images.resolve("dog/broken.png"), "no picture");
  }

  /** What a table written by it holds, by the names of files. */
  private Map<String, Row> answers(Dataset<Row> data, String table, boolean latents) {
    String place = folder.resolve(table).toString();
    DistributedPrediction.predict(data, model, latents, BACKEND).write().parquet(place);
    return read(place);
  }

  private Map<String, Row> read(String place) {
    Map<String, Row> answers = new TreeMap<>();
    for (Row row : spark.read().parquet(place).collectAsList()) {
      answers.put(row.<String>getAs("name").replaceFirst("^.*/images/", ""), row);
    }
    return answers;
  }

  @Test
  void answersAreATableAndWhatIsWrongWithAnImageIsAColumn() {
    Dataset<Row> files = LabelledFiles.ofFolder(spark, images.toString()).repartition(3);
    Map<String, Row> answers = answers(files, "answers.parquet", true);
    assertThat(answers).hasSize(3 * IMAGES + 1);
    Row broken = answers.remove("dog/broken.png");
    assertThat(broken.<String>getAs("error")).contains("broken.png");
    for (String column : List.of("class", "probability", "probabilities", "latents")) {
      assertThat(broken.isNullAt(broken.fieldIndex(column))).as(column).isTrue();
    }
    long right = 0;
    for (Map.Entry<String, Row> answer : answers.entrySet()) {
      Row row = answer.getValue();
      right += answer.getKey().startsWith(row.<String>getAs("class")) ? 1 : 0;
      assertThat(row.<Object>getAs("error")).isNull();
      List<Double> all = row.getList(row.fieldIndex("probabilities"));
      assertThat(all).hasSize(CLASSES.size()).contains(row.<Double>getAs("probability"));
      List<Float> latents = row.getList(row.fieldIndex("latents"));
      assertThat(latents).hasSizeGreaterThan(10).allSatisfy(x -> assertThat(x).isFinite());
    }
    assertThat(right).isGreaterThan(3L * IMAGES * 8 / 10);
  }

  /** What a head on mirrored features reads is the same for an image and its mirror image. */
  @Test
  void latentsAreWhatTheHeadReads() throws IOException {
    Path pair = folder.resolve("pair/images");
    Spark.paint(pair, "cat", 0, 1);
    BufferedImage image = ImageIO.read(pair.resolve("cat/0.png").toFile());
    BufferedImage mirrored = new BufferedImage(Spark.SIDE, Spark.SIDE, BufferedImage.TYPE_INT_RGB);
    mirrored.createGraphics().drawImage(image, Spark.SIDE, 0, -Spark.SIDE, Spark.SIDE, null);
    ImageIO.write(mirrored, "png", pair.resolve("cat/1.png").toFile());
    Dataset<Row> files = LabelledFiles.ofFolder(spark, pair.toString());

    Map<String, Row> plain = answers(files, "plain.parquet", true);
    assertThat(latents(plain, "cat/0.png")).isNotEqualTo(latents(plain, "cat/1.png"));

    Path learner = folder.resolve("mirrored");
    DistributedLearning.learn(
        LabelledFiles.ofFolder(spark, folder.resolve("images").toString()).coalesce(1),
        learner,
        CONFIG.withSettings(Map.of("analytic.mirror", "true")),
        BACKEND);
    String table = folder.resolve("both.parquet").toString();
    DistributedPrediction.predict(files, learner.resolve(DistributedLearning.MODEL), true, BACKEND)
        .write()
        .parquet(table);
    Map<String, Row> both = read(table);
    List<Float> one = latents(both, "cat/0.png");
    List<Float> other = latents(both, "cat/1.png");
    for (int i = 0; i < one.size(); i++) {
      assertThat(one.get(i)).isCloseTo(other.get(i), within(1e-5f));
    }
  }

  private static List<Float> latents(Map<String, Row> answers, String name) {
    Row row = requireNonNull(answers.get(name));
    return row.getList(row.fieldIndex("latents"));
  }

  @Test
  void aManifestAndATableGiveWhatTheFolderDoes() throws IOException {
    Path manifest = folder.resolve("some.csv");
    Files.writeString(
        manifest,
        "path,label\nimages/cat/1.png,cat\nimages/eel/2.png,eel\nimages/eel/no.png,eel\n");
    Dataset<Row> listed = LabelledFiles.of(spark, manifest.toString());
    Map<String, Row> answers = answers(listed, "listed.parquet", false);
    assertThat(answers).containsOnlyKeys("cat/1.png", "eel/2.png", "eel/no.png");
    assertThat(value(answers, "eel/no.png", "error")).contains("cannot read");

    String table = folder.resolve("images.parquet").toString();
    listed.drop("error").write().parquet(table);
    Map<String, Row> again = answers(LabelledFiles.of(spark, table), "again.parquet", false);
    assertThat(value(again, "cat/1.png", "probabilities"))
        .isEqualTo(value(answers, "cat/1.png", "probabilities"))
        .isNotEqualTo("null");
    assertThat(value(again, "eel/no.png", "error")).contains("no.png");
  }

  private static String value(Map<String, Row> answers, String name, String column) {
    Row row = answers.getOrDefault(name, Row.empty());
    return String.valueOf(row.<Object>getAs(column));
  }

  @Test
  void inputsThatDoNotFitAreNamed() throws IOException {
    Dataset<Row> numbers = spark.range(3).toDF("name");
    assertThatThrownBy(() -> DistributedPrediction.predict(numbers, model, false, BACKEND))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no column 'label'");
    Path manifest = folder.resolve("wrong.csv");
    Files.writeString(manifest, "file,class\nx,y\n");
    assertThatThrownBy(() -> LabelledFiles.of(spark, manifest.toString()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("path,label");
  }
}
