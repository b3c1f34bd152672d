package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.nn.LayerMoments;
import dev.accrete.nn.LayerSet;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Model;
import dev.accrete.nn.Network;
import dev.accrete.nn.Predictor;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.SmallCnn;
import dev.accrete.nn.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyticTest {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 60, 1);
  private static final ImageSet TEST = TinyStream.images(TinyStream.CLASSES, 20, 2);
  private static final Network NETWORK = SmallCnn.of(TinyStream.CLASSES, TinyStream.SIDE);
  private static final List<int[]> DAYS =
      List.of(
          new int[] {0, 3},
          new int[] {1},
          new int[] {2, 4, 5},
          new int[] {3},
          new int[] {0, 1, 2},
          new int[] {4, 5});

  private static final Shrinkage SHRINKAGE =
      new Shrinkage.ToVariances("analytic.shrinkage", 0.25, 1e-6);

  private final Backend backend = TinyStream.backend();
  @TempDir Path folder;

  private Strategy create(String... changes) {
    return TinyStream.quick("analytic", DAYS.size(), changes)
        .create(TinyStream.context(backend, NETWORK));
  }

  private static List<Experience> stream(int... order) {
    List<Experience> days = TinyStream.experiences(TRAIN, 20, DAYS.toArray(new int[0][]));
    List<Experience> stream = new ArrayList<>();
    for (int day : order) {
      stream.add(new Experience(stream.size(), days.get(day).images()));
    }
    return stream;
  }

  private static Strategy learn(Strategy strategy, int... order) {
    stream(order).forEach(e -> strategy.learn(e, ProgressListener.NONE));
    return strategy;
  }

  private static byte[] pixels(ImageSet set) {
    int bytes = 3 * TinyStream.SIDE * TinyStream.SIDE;
    byte[] pixels = new byte[set.size() * bytes];
    IntStream.range(0, set.size()).forEach(i -> set.read(i, pixels, i * bytes));
    return pixels;
  }

  private static Model model(Strategy strategy) {
    return strategy.model("small-cnn", TEST.classNames(), Map.of());
  }

  @Test
  void threeOrdersOfAStreamGiveTheSameAnswers() {
    try (Strategy first = learn(create(), 0, 1, 2, 3, 4, 5);
        Strategy second = learn(create(), 5, 4, 3, 2, 1, 0);
        Strategy third = learn(create(), 2, 0, 5, 1, 4, 3)) {
      int[] answers = first.predict(TEST);
      assertThat(second.predict(TEST)).isEqualTo(answers);
      assertThat(third.predict(TEST)).isEqualTo(answers);
      assertThat(TinyStream.accuracy(first, TEST)).isGreaterThan(0.6);
    }
  }

  @Test
  void statisticsOfTwoLearnersMakeThoseOfOne() {
    try (Strategy whole = learn(create(), 0, 1, 2, 3, 4, 5);
        Strategy left = learn(create(), 0, 2, 4);
        Strategy right = learn(create(), 1, 3, 5)) {
      Discriminant one = moments(whole).discriminant(SHRINKAGE, true, new EjmlSolver());
      ClassMoments merged = moments(left);
      merged.merge(moments(right));
      Discriminant two = merged.discriminant(SHRINKAGE, true, new EjmlSolver());
      for (int c = 0; c < TinyStream.CLASSES; c++) {
        for (int i = 0; i < merged.size(); i++) {
          double weight = one.weights()[c][i];
          assertThat(two.weights()[c][i])
              .isCloseTo(weight, within(1e-6 * (1 + Math.abs(one.bias()[c]))));
        }
        assertThat(two.bias()[c])
            .isCloseTo(one.bias()[c], within(1e-6 * (1 + Math.abs(one.bias()[c]))));
      }
    }
  }

  private static ClassMoments moments(Strategy strategy) {
    int size = LayerMoments.of(NETWORK, LayerSet.S).size(NETWORK);
    ClassMoments moments = new ClassMoments(TinyStream.CLASSES, size);
    moments.restore(MapState.of(strategy));
    return moments;
  }

  @Test
  void aModelAnswersAsTheLearnerDoesAndKnowsHowSureItMayBe() throws IOException {
    for (String mirror : List.of("false", "true")) {
      try (Strategy strategy = learn(create("analytic.mirror", mirror), 0, 1, 2, 3, 4, 5)) {
        Path file = folder.resolve(mirror + ".safetensors");
        model(strategy).save(file);
        Model read = Model.load(file);
        assertThat(read.digest()).isEqualTo(model(strategy).digest());
        assertThat(read.temperature()).isGreaterThanOrEqualTo(1);
        try (Predictor predictor = read.open(backend)) {
          double[] probabilities = predictor.probabilities(pixels(TEST), TEST.size());
          int[] answers = strategy.predict(TEST);
          for (int i = 0; i < TEST.size(); i++) {
            double answer = probabilities[i * TinyStream.CLASSES + answers[i]];
            for (int c = 0; c < TinyStream.CLASSES; c++) {
              assertThat(probabilities[i * TinyStream.CLASSES + c]).isLessThanOrEqualTo(answer);
            }
          }
        }
      }
    }
  }

  @Test
  void aTemperatureMakesTheLabelsOfImagesNotLearnedMoreLikely() {
    ImageSet noisy = mislabelled(TRAIN);
    try (Strategy strategy = create("analytic.shrinkage", "0.001")) {
      TinyStream.experiences(noisy, 20, DAYS.toArray(new int[0][]))
          .forEach(e -> strategy.learn(e, ProgressListener.NONE));
      Model fitted = model(strategy);
      assertThat(fitted.temperature()).isGreaterThan(1);
      assertThat(logLoss(fitted)).isLessThan(logLoss(fitted.withTemperature(1)));
    }
  }

  /** Every fifth image under the name of the next class. */
  private static ImageSet mislabelled(ImageSet set) {
    int[] labels =
        IntStream.range(0, set.size())
            .map(i -> (set.label(i) + (i % 5 == 0 ? 1 : 0)) % TinyStream.CLASSES)
            .toArray();
    return new InMemoryImageSet(
        "noisy", TinyStream.SIDE, TinyStream.SIDE, set.classNames(), labels, pixels(set));
  }

  private double logLoss(Model model) {
    ImageSet test = mislabelled(TEST);
    try (Predictor predictor = model.open(backend)) {
      double[] probabilities = predictor.probabilities(pixels(TEST), TEST.size());
      return IntStream.range(0, TEST.size())
          .mapToDouble(i -> -Math.log(probabilities[i * TinyStream.CLASSES + test.label(i)]))
          .average()
          .orElseThrow();
    }
  }

  @Test
  void theEmulatedGpuScoresAsTheReferenceDoes() throws IOException, InterruptedException {
    try (Backend device = EmulatedDevice.open();
        Strategy here = learn(create(), 0, 1, 2);
        Strategy there =
            learn(
                TinyStream.quick("analytic", DAYS.size())
                    .create(TinyStream.context(device, NETWORK)),
                0,
                1,
                2)) {
      Discriminant expected = moments(here).discriminant(SHRINKAGE, true, new EjmlSolver());
      Discriminant actual = moments(there).discriminant(SHRINKAGE, true, new EjmlSolver());
      for (int k = 0; k < TinyStream.CLASSES; k++) {
        double[] mean = moments(here).mean(k);
        for (int c = 0; c < TinyStream.CLASSES; c++) {
          double score = score(expected, c, mean);
          assertThat(score(actual, c, mean)).isCloseTo(score, within(1e-4 * (1 + Math.abs(score))));
        }
      }
      assertThat(there.predict(TEST)).isEqualTo(here.predict(TEST));
    }
  }

  private static double score(Discriminant d, int label, double[] z) {
    double sum = d.bias()[label];
    for (int i = 0; i < z.length; i++) {
      sum += d.weights()[label][i] * z[i];
    }
    return sum;
  }

  @Test
  void mirroredAnImageAndItsMirrorImageAreTheSame() {
    try (Strategy strategy = learn(create("analytic.mirror", "true"), 0, 1, 2);
        Predictor predictor = model(strategy).open(backend)) {
      byte[] pixels = pixels(TEST);
      byte[] flipped = new byte[pixels.length];
      int side = TinyStream.SIDE;
      for (int i = 0; i < pixels.length; i++) {
        flipped[i] = pixels[i / side * side + side - 1 - i % side];
      }
      double[] expected = predictor.probabilities(pixels, TEST.size());
      assertThat(predictor.probabilities(flipped, TEST.size()))
          .containsExactly(expected, within(1e-4));
    }
  }

  @Test
  void streamingLdaIsTheSameOnTheHeadsOwnFeatures() {
    try (Strategy slda =
            learn(
                TinyStream.quick("slda", DAYS.size()).create(TinyStream.context(backend, NETWORK)),
                0,
                1,
                2,
                3,
                4,
                5);
        Predictor predictor = model(slda).open(backend)) {
      assertThat(model(slda).moments()).isEmpty();
      ClassMoments moments = new ClassMoments(TinyStream.CLASSES, NETWORK.featureSize());
      moments.restore(MapState.of(slda));
      Discriminant expected =
          moments.discriminant(new Shrinkage.ToIdentity("", 1e-4), false, new EjmlSolver());
      byte[] pixels = pixels(TEST);
      double[] probabilities = predictor.probabilities(pixels, TEST.size());
      float temperature = model(slda).temperature();
      int[] answers = slda.predict(TEST);
      try (Learner learner = new Learner(backend, NETWORK, Preprocessing.centred(3))) {
        Weights weights = Weights.initial(NETWORK, 7);
        learner.initialize(weights.parameters(), weights.moments());
        float[] features = new float[TEST.size() * NETWORK.featureSize()];
        learner.compileInference(TEST.size()).run(pixels, TEST.size(), new float[0], features);
        for (int i = 0; i < TEST.size(); i++) {
          float[] scores = expected.scores(features, i * NETWORK.featureSize());
          int best = IntStream.range(0, 6).reduce(0, (a, b) -> scores[b] > scores[a] ? b : a);
          assertThat(answers[i]).isEqualTo(best);
          double margin = scores[best] - scores[(best + 1) % 6];
          double ratio =
              Math.log(probabilities[i * 6 + best] / probabilities[i * 6 + (best + 1) % 6]);
          assertThat(ratio).isCloseTo(margin / temperature, within(1e-2 * (1 + margin)));
        }
      }
    }
  }

  /** Where features hardly vary, a discriminant has larger rows than any training leaves. */
  @Test
  void rowsOfAnySizeMakeAModel() {
    List<Experience> small =
        TinyStream.experiences(TRAIN, 1, new int[] {0, 1, 2}, new int[] {3, 4, 5});
    for (String ridge : List.of("1e-6", "1e-12")) {
      try (Strategy strategy = create("analytic.layers", "last", "analytic.ridge", ridge)) {
        small.forEach(day -> strategy.learn(day, ProgressListener.NONE));
        Model model = model(strategy);
        assertThat(model.moments()).isEmpty();
        try (Predictor predictor = model.open(backend)) {
          double[] probabilities = predictor.probabilities(pixels(TEST), TEST.size());
          int[] answers = strategy.predict(TEST);
          for (int i = 0; i < answers.length; i++) {
            int row = i * TinyStream.CLASSES;
            double most =
                Arrays.stream(probabilities, row, row + TinyStream.CLASSES).max().orElseThrow();
            assertThat(probabilities[row + answers[i]]).isEqualTo(most);
          }
        }
      }
    }
  }

  @Test
  void everySetOfLayersLearns() {
    for (String layers : List.of("s", "m", "last", "conv1:mean+std,conv3:mean")) {
      try (Strategy strategy = learn(create("analytic.layers", layers), 0, 1, 2, 3, 4, 5)) {
        assertThat(TinyStream.accuracy(strategy, TEST)).as(layers).isGreaterThan(0.5);
      }
    }
  }
}
