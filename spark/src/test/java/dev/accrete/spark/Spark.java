package dev.accrete.spark;

import dev.accrete.cl.learner.LearnerConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.SparkSession;

/** What the tests share: a small Spark, small images and a small learner. */
final class Spark {
  static final int SIDE = 16;
  static final List<String> CLASSES = List.of("cat", "dog", "eel");
  static final String BACKEND = "vector";
  static final LearnerConfig CONFIG =
      LearnerConfig.of("small-cnn", SIDE, "analytic").withWeights("none").withSeed(3);

  private Spark() {}

  /** Two tasks at once, each of which may fail three times. */
  static SparkSession session() {
    return SparkSession.builder()
        .master("local[2,4]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }

  /** Noise with a tint that tells the class, in {@code place/label/N.png}. */
  static void paint(Path place, String label, int from, int to) throws IOException {
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
}
