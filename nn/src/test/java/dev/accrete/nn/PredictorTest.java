package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import dev.accrete.nn.image.ImageException;
import dev.accrete.nn.image.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PredictorTest {
  private static final int SIZE = 8;
  private static final int BYTES = 3 * SIZE * SIZE;
  private static final List<String> CLASSES = List.of("a", "b", "c", "d");

  @TempDir Path folder;

  static Stream<String> backends() {
    return TestBackends.available().stream();
  }

  private static Backend backend(String name) {
    return Backends.create(name, new BackendOptions(2));
  }

  private static Weights weights() {
    Network network = SmallCnn.of(CLASSES.size(), SIZE);
    Weights weights = Weights.initial(network, 3);
    Rng rng = Rng.of(4, 0);
    for (int i = 0; i < weights.moments().length; i++) {
      weights.moments()[i] += 0.5f * rng.nextFloat();
    }
    return weights;
  }

  private static Model model() {
    return Model.of("small-cnn", SIZE, CLASSES, weights(), Preprocessing.imageNet());
  }

  private static byte[] pixels(int count) {
    byte[] pixels = new byte[count * BYTES];
    Rng rng = Rng.of(5, 0);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) rng.nextInt(256);
    }
    return pixels;
  }

  /** The image at a position among {@link #pixels}. */
  private static BufferedImage image(int index) {
    byte[] pixels = pixels(index + 1);
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIZE * SIZE; i++) {
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        rgb = (rgb << 8) | (pixels[index * BYTES + c * SIZE * SIZE + i] & 255);
      }
      image.setRGB(i % SIZE, i / SIZE, rgb);
    }
    return image;
  }

  private static byte[] png(int index) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image(index), "png", out)).isTrue();
    return out.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void probabilitiesAreTheSoftmaxOfTheLearnersLogits(String name) {
    int count = 7;
    float[] logits = new float[count * CLASSES.size()];
    Model model = model();
    Model warm = model.withBias(1, 0, -1, 0.5f).withTemperature(3);
    try (Backend backend = backend(name);
        Learner learner = new Learner(backend, model.network(), model.preprocessing());
        Inference inference = learner.compileInference(count);
        Predictor plain = model.open(backend, 3);
        Predictor calibrated = warm.open(backend, 3)) {
      learner.initialize(model.weights().parameters(), model.weights().moments());
      inference.run(pixels(count), count, logits);
      assertSoftmax(plain.probabilities(pixels(count), count), logits, new float[4], 1);
      assertSoftmax(
          calibrated.probabilities(pixels(count), count), logits, new float[] {1, 0, -1, 0.5f}, 3);
    }
  }

  private static void assertSoftmax(double[] actual, float[] logits, float[] bias, double divisor) {
    int classes = bias.length;
    for (int row = 0; row < logits.length / classes; row++) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += Math.exp((logits[row * classes + k] + bias[k]) / divisor);
      }
      for (int k = 0; k < classes; k++) {
        int i = row * classes + k;
        assertThat(actual[i])
            .isCloseTo(Math.exp((logits[i] + bias[k]) / divisor) / sum, within(1e-5));
      }
    }
  }

  @Test
  void everyFormOfAnImageGivesTheSame() throws IOException {
    Path file = Files.write(folder.resolve("a picture.png"), png(0));
    try (Backend backend = TestBackends.best();
        Predictor predictor = model().open(backend)) {
      Prediction expected = predictor.predictPixels(pixels(1), 1).getFirst();
      assertThat(predictor.predict(image(0))).isEqualTo(expected);
      assertThat(predictor.predict(png(0))).isEqualTo(expected);
      assertThat(predictor.predict(file)).isEqualTo(expected);
      assertThat(predictor.predict(List.of(Picture.of(png(0), "it")))).containsExactly(expected);
      assertThat(predictor.predict(List.of())).isEmpty();
    }
  }

  @Test
  void candidatesAreOrderedAndSumToOne() {
    try (Backend backend = TestBackends.best();
        Predictor predictor = model().open(backend, 4)) {
      double[] probabilities = predictor.probabilities(pixels(9), 9);
      List<Prediction> predictions = predictor.predictPixels(pixels(9), 9);
      assertThat(predictions).hasSize(9).doesNotHaveDuplicates();
      for (int row = 0; row < 9; row++) {
        List<Prediction.Candidate> candidates = predictions.get(row).candidates();
        assertThat(candidates.stream().map(Prediction.Candidate::name))
            .containsExactlyInAnyOrderElementsOf(CLASSES);
        assertThat(candidates)
            .isSortedAccordingTo((x, y) -> Double.compare(y.probability(), x.probability()));
        assertThat(candidates.stream().mapToDouble(Prediction.Candidate::probability).sum())
            .isCloseTo(1, within(1e-12));
        for (Prediction.Candidate candidate : candidates) {
          int k = row * CLASSES.size() + CLASSES.indexOf(candidate.name());
          assertThat(candidate.probability()).isEqualTo(probabilities[k]);
        }
        assertThat(predictions.get(row).best()).isEqualTo(candidates.getFirst());
        assertThat(predictions.get(row).top(2)).isEqualTo(candidates.subList(0, 2));
        assertThat(predictions.get(row).top(20)).isEqualTo(candidates);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void manyThreadsGetWhatOneGets(String name) throws InterruptedException, ExecutionException {
    int images = 24;
    try (Backend backend = backend(name);
        Predictor predictor = model().open(backend, 5)) {
      List<Prediction> alone = new ArrayList<>();
      for (int i = 0; i < images; i++) {
        alone.add(predictor.predict(image(i)));
      }
      List<Prediction> together = predictor.predictPixels(pixels(images), images);
      List<Picture> pictures =
          IntStream.range(0, images).mapToObj(i -> Picture.of(image(i))).toList();
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        List<Future<?>> results = new ArrayList<>();
        for (int job = 0; job < 48; job++) {
          int i = job % images;
          results.add(
              threads.submit(
                  () -> {
                    if (i % 4 == 0) {
                      assertThat(predictor.predict(pictures)).isEqualTo(together);
                    } else {
                      assertThat(predictor.predict(image(i))).isEqualTo(alone.get(i));
                    }
                  }));
        }
        for (Future<?> result : results) {
          result.get();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void portionsGiveWhatMiniBatchesGive(String name) {
    try (Backend backend = backend(name);
        Predictor filled = model().open(backend, 13);
        Predictor portions = model().openInPortions(backend, 11)) {
      for (int rows = 0; rows <= 13; rows++) {
        double[] expected = filled.probabilities(pixels(rows), rows);
        assertThat(portions.probabilities(pixels(rows), rows))
            .containsExactly(expected, within(1e-5));
      }
      assertThat(portions.predict(List.of(Picture.of(image(3))))).hasSize(1);
      assertThatThrownBy(() -> model().openInPortions(backend, 0)).hasMessageContaining("got 0");
    }
  }

  @Test
  void aFilePredictsWithoutAnythingElse() {
    Path file = folder.resolve("model.safetensors");
    model().save(file);
    try (Backend backend = TestBackends.best();
        Predictor first = model().open(backend);
        Predictor second = Model.load(file, backend)) {
      assertThat(second.predict(image(2))).isEqualTo(first.predict(image(2)));
      assertThat(second.model().digest()).isEqualTo(first.model().digest());
      assertThat(second.bytes()).isPositive();
    }
  }

  @Test
  void whatCannotBePredictedIsNamed() throws IOException {
    byte[] broken = Arrays.copyOf(png(0), 60);
    Predictor closed;
    try (Backend backend = TestBackends.best();
        Predictor predictor = model().open(backend)) {
      closed = predictor;
      List<Picture> pictures = List.of(Picture.of(image(0)), Picture.of(broken, "upload 7"));
      assertThatThrownBy(() -> predictor.predict(pictures))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("upload 7");
      assertThatThrownBy(() -> predictor.predict(broken)).hasMessageContaining("of 60 bytes");
      assertThatThrownBy(() -> predictor.predictPixels(pixels(2), 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3 images of 192 bytes");
      assertThatThrownBy(() -> model().open(backend, 0)).hasMessageContaining("got 0");
      assertThat(predictor.predict(image(0)).candidates()).hasSize(CLASSES.size());
    }
    assertThatThrownBy(() -> closed.predict(image(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    closed.close();
  }

  @Test
  void scoresThatOverflowAreNamed() {
    Network network = Mlp.of(2, dev.accrete.core.Shape.of(3, SIZE, SIZE), 4);
    Weights weights = Weights.initial(network, 1);
    Arrays.fill(weights.parameters(), 1e5f);
    Preprocessing tiny = new Preprocessing(List.of(0f, 0f, 0f), List.of(1e-37f, 1e-37f, 1e-37f));
    Model model = Model.of("mlp:4", SIZE, List.of("x", "y"), weights, tiny);
    try (Backend backend = TestBackends.best();
        Predictor predictor = model.open(backend)) {
      assertThatThrownBy(() -> predictor.predict(image(0)))
          .isInstanceOf(NumericalException.class)
          .hasMessageContaining("score of class 'x'");
    }
  }
}
