package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;
import dev.accrete.nn.layer.Activation;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Residual;
import dev.accrete.nn.layer.Sequence;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WideningTest {
  private static final int CLASSES = 7;
  private static final int SIZE = 32;
  private static final int IMAGES = 5;

  /** Weights as after some training: no scale is 1, no shift and no moment 0. */
  private static Weights trained(Network network) {
    Weights weights = Weights.initial(network, 3);
    Rng rng = Rng.of(4, 0);
    for (int i = 0; i < weights.parameters().length; i++) {
      weights.parameters()[i] += 0.1f * rng.nextFloat();
    }
    for (int i = 0; i < weights.moments().length; i++) {
      weights.moments()[i] += 0.5f * rng.nextFloat();
    }
    return weights;
  }

  private static List<String> names(int classes) {
    return IntStream.range(0, classes).mapToObj(k -> "class " + k).toList();
  }

  private static TensorFile file(Network network, Weights weights) {
    return WeightFile.contents(
        network,
        weights,
        StoredType.F32,
        WeightFile.remarks(names(network.classes()), Preprocessing.imageNet()));
  }

  private static float[] logits(Network network, Weights weights) {
    byte[] pixels = new byte[IMAGES * 3 * SIZE * SIZE];
    Rng rng = Rng.of(5, 0);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) rng.nextInt(256);
    }
    float[] logits = new float[IMAGES * network.classes()];
    try (Backend backend = Backends.create(Backends.AUTO, BackendOptions.defaults());
        Learner learner = new Learner(backend, network, Preprocessing.imageNet())) {
      learner.initialize(weights.parameters(), weights.moments());
      try (Inference inference = learner.compileInference(IMAGES)) {
        inference.run(pixels, IMAGES, logits);
      }
    }
    return logits;
  }

  private static void assertSameFunction(Network narrow, Network wide) {
    Weights before = trained(narrow);
    Weights after = Widening.of(file(narrow, before), wide, names(CLASSES), 1);
    float[] expected = logits(narrow, before);
    float[] actual = logits(wide, after);
    double scale = 0;
    for (float logit : expected) {
      scale = Math.max(scale, Math.abs(logit));
    }
    assertThat(scale).isPositive().isFinite();
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within((float) (1e-4 * scale)));
    }
  }

  @Test
  void twiceAsWideComputesTheSame() {
    assertSameFunction(MobileNetV1.of(0.25, CLASSES, SIZE), MobileNetV1.of(0.5, CLASSES, SIZE));
  }

  @Test
  void anyWidthComputesTheSame() {
    assertSameFunction(MobileNetV1.of(0.3, CLASSES, SIZE), MobileNetV1.of(0.55, CLASSES, SIZE));
  }

  /** A stage's projection reads what enters the block, not what its body's last layer writes. */
  private static Network residual(double width) {
    int first = (int) (8 * width);
    int second = (int) (12 * width);
    return Network.of(
        "residual",
        Shape.of(3, SIZE, SIZE),
        List.of(
            Sequence.normalized(Convolution.of("conv1", first, 3, 2, 1)),
            Residual.of(
                "conv2",
                Sequence.of(
                    "conv2/body",
                    Sequence.normalized(Convolution.of("conv2/a", second, 3, 1, 1)),
                    Sequence.linear(Convolution.of("conv2/b", first, 3, 1, 1)))),
            Activation.relu("conv2"),
            new Residual(
                "conv3",
                Sequence.linear(Convolution.of("conv3/a", second, 3, 2, 1)),
                Sequence.linear(Convolution.of("conv3/shortcut", second, 1, 2, 0))),
            Sequence.normalized(Convolution.pointwise("conv4", first)),
            new GlobalAverage("pool")),
        "head",
        CLASSES);
  }

  @Test
  void residualBlocksComputeTheSame() {
    assertSameFunction(residual(1), residual(1.5));
    assertSameFunction(residual(1), residual(2));
    assertSameFunction(ResNet.of(8, CLASSES, SIZE), ResNet.of(8, CLASSES, SIZE));
  }

  /** The narrow projection has as many inputs as another layer writes, but not the one it reads. */
  @Test
  void aBranchThatReadsOtherChannelsThanItsSourceWritesIsRefused() {
    Network narrow = residual(1);
    Weights weights = trained(narrow);
    TensorFile file = file(narrow, weights);
    Network wide =
        Network.of(
            "residual",
            Shape.of(3, SIZE, SIZE),
            List.of(
                Sequence.normalized(Convolution.of("conv1", 12, 3, 2, 1)),
                new Residual(
                    "conv3",
                    Sequence.linear(Convolution.of("conv2/a", 24, 3, 2, 1)),
                    Sequence.linear(Convolution.of("conv4", 24, 1, 2, 0))),
                new GlobalAverage("pool")),
            "head",
            CLASSES);
    assertThatThrownBy(() -> Widening.of(file, wide, List.of(), 1))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'conv4.weight'");
  }

  @Test
  void equalWidthKeepsTheWeights() {
    Network network = MobileNetV1.of(0.25, CLASSES, SIZE);
    Weights weights = trained(network);
    Weights same = Widening.of(file(network, weights), network, names(CLASSES), 1);
    for (Parameter parameter : network.parameters().all()) {
      int from = parameter.offset();
      int to = from + parameter.size();
      assertThat(Arrays.copyOfRange(same.parameters(), from, to))
          .isEqualTo(Arrays.copyOfRange(weights.parameters(), from, to));
    }
  }

  @Test
  void copiesAreReadWithDifferentShares() {
    Network narrow = MobileNetV1.of(0.25, CLASSES, SIZE);
    Network wide = MobileNetV1.of(0.5, CLASSES, SIZE);
    float[] weights =
        Widening.of(file(narrow, trained(narrow)), wide, names(CLASSES), 1).parameters();
    Parameter pointwise = wide.parameters().get("conv2_1/sep.weight");
    int inputs = pointwise.shape().dim(1);
    int at = pointwise.offset();
    assertThat(weights[at]).isNotEqualTo(weights[at + inputs / 2]);
    int copy = at + pointwise.shape().dim(0) / 2 * inputs;
    assertThat(weights[at]).isNotEqualTo(weights[copy]);
  }

  @Test
  void aHeadForOtherClassesStaysAsInitialized() {
    Network narrow = MobileNetV1.of(0.25, CLASSES, SIZE);
    Network wide = MobileNetV1.of(0.5, CLASSES + 2, SIZE);
    Weights after = Widening.of(file(narrow, trained(narrow)), wide, names(CLASSES + 2), 9);
    Parameter head = wide.head();
    int from = head.offset();
    int to = from + head.size();
    assertThat(Arrays.copyOfRange(after.parameters(), from, to))
        .isEqualTo(Arrays.copyOfRange(wide.initialWeights(9), from, to));
  }

  @Test
  void asManyRowsOfOtherOrUnknownClassesAreNoHead() {
    Network network = MobileNetV1.of(0.25, CLASSES, SIZE);
    Weights weights = trained(network);
    Parameter head = network.head();
    float[] initial = network.initialWeights(9);
    List<String> others = names(CLASSES).stream().map(name -> name + "'").toList();
    for (List<String> classes : List.of(List.<String>of(), others)) {
      Weights after = Widening.of(file(network, weights), network, classes, 9);
      assertThat(Arrays.copyOfRange(after.parameters(), head.offset(), head.offset() + head.size()))
          .isEqualTo(Arrays.copyOfRange(initial, head.offset(), head.offset() + head.size()));
    }
  }

  @Test
  void rowsOfTheHeadFollowTheNames() {
    Network network = MobileNetV1.of(0.25, CLASSES, SIZE);
    Weights weights = trained(network);
    List<String> reversed = names(CLASSES).reversed();
    float[] after = Widening.of(file(network, weights), network, reversed, 9).parameters();
    int length = network.featureSize();
    for (int k = 0; k < CLASSES; k++) {
      int from = network.head().offset() + k * length;
      int old = network.head().offset() + (CLASSES - 1 - k) * length;
      assertThat(Arrays.copyOfRange(after, from, from + length))
          .isEqualTo(Arrays.copyOfRange(weights.parameters(), old, old + length));
    }
  }

  @Test
  void widerWeightsAreRefused() {
    Network narrow = MobileNetV1.of(0.25, CLASSES, SIZE);
    Network wide = MobileNetV1.of(0.5, CLASSES, SIZE);
    assertThatThrownBy(() -> Widening.of(file(wide, trained(wide)), narrow, names(CLASSES), 1))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("conv1.weight")
        .hasMessageContaining("at most as wide");
  }
}
