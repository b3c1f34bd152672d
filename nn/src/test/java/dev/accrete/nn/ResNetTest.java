package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Graph;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResNetTest {
  private static final int CLASSES = 4;
  private static final int SIZE = 12;

  private static Graph graph(Network network) {
    Graph.Builder graph = Graph.builder();
    TensorType image = TensorType.f32(1, 3, network.height(), network.width());
    Network.Forward forward =
        network.forward(graph, graph.input("x", image), Norms.fixed(), network.variables());
    assertThat(forward.features().type()).isEqualTo(TensorType.f32(1, network.featureSize()));
    return graph.build();
  }

  /** Section 4.2 and table 6 of the paper, without the head's biases. */
  @ParameterizedTest
  @CsvSource({"20, 0.27", "32, 0.46", "44, 0.66", "56, 0.85"})
  void hasAsManyParametersAsThePaperSays(int depth, double millions) {
    Network network = ResNet.of(depth, 10, 32);
    int projections =
        network.parameters().all().stream()
            .filter(p -> p.name().contains("/shortcut"))
            .mapToInt(Parameter::size)
            .sum();
    assertThat((network.parameters().count() - projections) / 1e6)
        .isCloseTo(millions, within(0.005));
    // 16 x 32 + 32 x 64 weights, and a scale and a shift per channel.
    assertThat(projections).isEqualTo(512 + 2048 + 2 * 32 + 2 * 64);
  }

  @Test
  void costsAsManyMultiplyAddsAsItsLayersHave() {
    long stem = 32 * 32 * 9 * 3 * 16;
    long first = 2L * 32 * 32 * 9 * 16 * 16;
    long second = 16 * 16 * 32 * (9 * 16 + 9 * 32 + 16);
    long third = 8 * 8 * 64 * (9 * 32 + 9 * 64 + 32);
    assertThat(graph(ResNet.of(8, 10, 32)).macs())
        .isEqualTo(stem + first + second + third + 64 * 10);
  }

  @Test
  void layersAreBlocksOneCanCutAt() {
    Network network = ResNet.of(14, 10, 32);
    assertThat(network.name()).isEqualTo("resnet-14-32");
    assertThat(network.layerNames())
        .containsExactly(
            "conv1", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv4_1", "conv4_2", "pool",
            "head");
    Cut cut = network.cutAfter("conv3_1");
    assertThat(cut.latent()).isEqualTo(Shape.of(32, 16, 16));
    assertThat(network.parameters().all().stream().filter(p -> !cut.isAbove(p)))
        .extracting(Parameter::name)
        .contains("conv3_1/shortcut.weight", "conv3_1/b.gamma")
        .allMatch(name -> name.matches("(conv1|conv2_.|conv3_1).*"));
    assertThat(network.firstConvolution().name()).isEqualTo("conv1.weight");
    assertThat(network.parameters().all())
        .extracting(Parameter::role)
        .containsOnly(Role.CONVOLUTION, Role.NORM_SCALE, Role.NORM_SHIFT, Role.HEAD);
  }

  /** Odd extents: strided body and strided shortcut must agree on how they round. */
  @ParameterizedTest
  @ValueSource(ints = {4, 7, 15, 32, 33})
  void fitsImagesOfAnySize(int resolution) {
    assertThat(graph(ResNet.of(8, CLASSES, resolution)).nodes()).isNotEmpty();
  }

  @Test
  void refusesWhatCannotBeBuilt() {
    for (int depth : new int[] {-4, 2, 7, 18, 34}) {
      assertThatThrownBy(() -> ResNet.of(depth, 10, 32))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("8, 14, 20")
          .hasMessageContaining("depth " + depth);
    }
    assertThatThrownBy(() -> ResNet.of(8, 10, 3)).hasMessageContaining("resolution 3");
    assertThatThrownBy(() -> ResNet.of(8, 0, 32)).hasMessageContaining("classes 0");
  }

  @Test
  void learnsWhereABarIs() {
    Network network = ResNet.of(8, CLASSES, SIZE);
    SyntheticImages source = new SyntheticImages(network, 1);
    int batch = 16;
    TrainingSpec spec = TrainingSpec.builder(network, batch).norm(NormKind.BATCH).build();
    try (Backend backend = Backends.create(Backends.AUTO, BackendOptions.defaults());
        Learner learner = new Learner(backend, network, Preprocessing.imageNet())) {
      learner.initialize(network.initialWeights(1), network.initialMoments());
      float first = 0;
      float last = 0;
      try (TrainingStep step = learner.compileTraining(spec)) {
        for (int i = 0; i < 30; i++) {
          int[] labels = source.labels(batch);
          last = step.run(source.images(labels), labels, new int[3 * batch], 0.05f, 1, 0, 1);
          first = i == 0 ? last : first;
        }
      }
      assertThat(first).isGreaterThan(1);
      assertThat(last).isLessThan(0.3f);
    }
  }
}
