package dev.accrete.spark;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.data.SimulatedCore50;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.scenario.CoreOptions;
import dev.accrete.cl.scenario.FrameScenario;
import dev.accrete.cl.scenario.Nicv2Schedule;
import dev.accrete.cl.scenario.Scoring;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.SparkSession;

/**
 * Whether parts of the simulation's images, every n-th frame of NICv2, are learned to the model of
 * one machine: prints, for 1, 2 and 7 partitions, how far scores of test images (logarithms of
 * probabilities at temperature 1) differ. See docs/scale.md for the command.
 */
final class SimulatedParts {
  private static final int SIDE = 64;
  private static final int TEST_EVERY = 40;

  /** So high that no probability is 0, whose logarithm says nothing. */
  private static final float TEMPERATURE = 100;

  private SimulatedParts() {}

  /**
   * Writes images as PNG where they are not yet, learns them, and compares.
   *
   * @param arguments a folder to work in, and every how many frames one is learned
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    CoreOptions options = new CoreOptions(Integer.parseInt(arguments[1]), TEST_EVERY, Scoring.ONCE);
    FrameScenario scenario = FrameScenario.of(Nicv2Schedule.official(391, 0), options);
    SimulatedCore50 source = new SimulatedCore50();
    ImageSet train = source.images("train", scenario.trainFrames(), SIDE);
    ImageSet test = source.images("test", scenario.testFrames(), SIDE);
    Path images = folder.resolve("images");
    write(train, images);
    LearnerConfig config = LearnerConfig.of("mobilenet-v1:0.5", SIDE, "analytic");
    byte[] pixels = pixels(test);
    int[] labels = labels(test);
    double[] expected;
    List<String> classes;
    try (Backend backend = Backends.create(Backends.AUTO, new BackendOptions(2));
        ContinualLearner learner = ContinualLearner.create(config, backend)) {
      learner.learn(
          new InMemoryImageSet(
              "all", SIDE, SIDE, train.classNames(), labels(train), pixels(train)));
      classes = learner.classes();
      expected = scores(learner.model(), classes, pixels, test.size());
    }
    tell("one machine", train.size(), expected, expected, classes, test, labels);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      for (int parts : new int[] {1, 2, 7}) {
        Path learner = Files.createTempDirectory(folder, "parts-").resolve("learner");
        DistributedLearning.Outcome outcome =
            DistributedLearning.learn(
                LabelledFiles.ofFolder(spark, images.toString()).repartition(parts),
                learner,
                config,
                Backends.AUTO);
        Model model = Model.load(learner.resolve(DistributedLearning.MODEL));
        double[] found = scores(model, classes, pixels, test.size());
        tell(parts + " partitions", outcome.images(), found, expected, classes, test, labels);
      }
    }
  }

  private static void tell(
      String who,
      long images,
      double[] found,
      double[] expected,
      List<String> classes,
      ImageSet test,
      int[] labels) {
    double most = 0;
    double largest = 0;
    int right = 0;
    int width = classes.size();
    for (int i = 0; i < test.size(); i++) {
      int best = 0;
      for (int c = 0; c < width; c++) {
        most = Math.max(most, Math.abs(found[i * width + c] - expected[i * width + c]));
        largest = Math.max(largest, Math.abs(expected[i * width + c]));
        best = found[i * width + c] > found[i * width + best] ? c : best;
      }
      right += classes.get(best).equals(test.classNames().get(labels[i])) ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %d images learned, %d of %d test images right, scores of up to %.3g differ by %.2e at most%n",
        who,
        images,
        right,
        test.size(),
        TEMPERATURE * largest,
        TEMPERATURE * most);
  }

  /** Logarithms of probabilities at a high temperature, of classes in the order given. */
  private static double[] scores(Model model, List<String> classes, byte[] pixels, int count) {
    try (Backend backend = Backends.create(Backends.AUTO, new BackendOptions(2));
        Predictor predictor = model.withTemperature(TEMPERATURE).open(backend)) {
      double[] found = predictor.probabilities(pixels, count);
      double[] scores = new double[count * classes.size()];
      int width = model.classes().size();
      for (int i = 0; i < count; i++) {
        for (int c = 0; c < classes.size(); c++) {
          scores[i * classes.size() + c] =
              Math.log(found[i * width + model.classes().indexOf(classes.get(c))]);
        }
      }
      return scores;
    }
  }

  private static byte[] pixels(ImageSet images) {
    int bytes = 3 * SIDE * SIDE;
    byte[] pixels = new byte[images.size() * bytes];
    IntStream.range(0, images.size()).parallel().forEach(i -> images.read(i, pixels, i * bytes));
    return pixels;
  }

  private static int[] labels(ImageSet images) {
    int[] labels = new int[images.size()];
    Arrays.setAll(labels, images::label);
    return labels;
  }

  private static void write(ImageSet images, Path folder) throws IOException {
    byte[] pixels = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < images.size(); i++) {
      Path place = folder.resolve(images.classNames().get(images.label(i)));
      Path file = place.resolve(String.format(Locale.ROOT, "%05d.png", i));
      if (Files.exists(file)) {
        continue;
      }
      Files.createDirectories(place);
      images.read(i, pixels, 0);
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      int plane = SIDE * SIDE;
      for (int p = 0; p < plane; p++) {
        int rgb =
            ((pixels[p] & 255) << 16)
                | ((pixels[plane + p] & 255) << 8)
                | (pixels[2 * plane + p] & 255);
        image.setRGB(p % SIDE, p / SIDE, rgb);
      }
      ImageIO.write(image, "png", file.toFile());
    }
  }
}
