package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Graph;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class MobileNetV1Test {
  private static long macs(Network network) {
    Graph.Builder graph = Graph.builder();
    network.forward(
        graph,
        graph.input("x", TensorType.f32(1, 3, network.height(), network.width())),
        Norms.fixed(),
        network.variables());
    return graph.build().macs();
  }

  /** Keras' MobileNet without its top: 3,228,864 parameters, of which 21,888 do not train. */
  @Test
  void hasAsManyParametersAsTheKerasModel() {
    Network network = MobileNetV1.of(1.0, 1000, 224);
    int head = network.head().size();
    assertThat(network.parameters().count() - head).isEqualTo(3_206_976);
    assertThat(network.moments().count()).isEqualTo(21_888);
    assertThat(head).isEqualTo(1_024_000);
    // The paper says 4.2 million.
    assertThat(network.parameters().count() / 1e6).isCloseTo(4.2, within(0.05));
  }

  /** Howard et al. 2017, tables 6 and 7. */
  @Test
  void costsAsManyMultiplyAddsAsThePaperSays() {
    assertThat(macs(MobileNetV1.of(1.0, 1000, 224)) / 1e6).isCloseTo(569, within(0.5));
    assertThat(macs(MobileNetV1.of(0.75, 1000, 224)) / 1e6).isCloseTo(325, within(0.5));
    assertThat(macs(MobileNetV1.of(0.5, 1000, 224)) / 1e6).isCloseTo(149, within(0.5));
    assertThat(macs(MobileNetV1.of(0.25, 1000, 224)) / 1e6).isCloseTo(41, within(0.5));
    assertThat(macs(MobileNetV1.of(1.0, 1000, 128)) / 1e6).isCloseTo(186, within(0.5));
  }

  @Test
  void aMiniBatchOf128At128PixelsTakes47GigaFlop() {
    long macs = macs(MobileNetV1.of(1.0, 50, 128));
    assertThat(2 * 128 * macs / 1e9).isCloseTo(47.5, within(0.1));
  }

  @Test
  void layersCarryCaffesNames() {
    List<String> names = MobileNetV1.of(1.0, 50, 128).layerNames();
    assertThat(names)
        .startsWith("conv1", "conv2_1/dw", "conv2_1/sep", "conv2_2/dw")
        .endsWith("conv6/dw", "conv6/sep", "pool6", "fc7")
        .hasSize(1 + 2 * 13 + 2);
  }

  @Test
  void widthScalesChannelsButNeverBelowEight() {
    Network half = MobileNetV1.of(0.5, 50, 64);
    assertThat(half.firstConvolution().shape()).isEqualTo(Shape.of(16, 3, 3, 3));
    assertThat(half.parameters().get("conv2_1/sep.weight").shape())
        .isEqualTo(Shape.of(32, 16, 1, 1));
    assertThat(half.featureSize()).isEqualTo(512);
    assertThat(half.name()).isEqualTo("mobilenet-v1-0.5-64");
    Network tiny = MobileNetV1.of(0.125, 5, 32);
    assertThat(tiny.firstConvolution().shape().dim(0)).isEqualTo(8);
    assertThat(tiny.featureSize()).isEqualTo(128);
  }

  @Test
  void rolesTellDepthwiseFromPointwise() {
    Network network = MobileNetV1.of(0.5, 50, 64);
    List<Parameter> depthwise =
        network.parameters().all().stream().filter(p -> p.role() == Role.DEPTHWISE).toList();
    assertThat(depthwise).hasSize(13).allMatch(p -> p.name().endsWith("/dw.weight"));
    assertThat(network.firstConvolution().role()).isEqualTo(Role.CONVOLUTION);
    assertThat(network.head().role()).isEqualTo(Role.HEAD);
    assertThat(network.head().shape()).isEqualTo(Shape.of(50, 512));
  }

  @Test
  void refusesWhatCannotBeBuilt() {
    assertThatThrownBy(() -> MobileNetV1.of(0, 50, 64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width 0.0");
    assertThatThrownBy(() -> MobileNetV1.of(1, 50, 4)).hasMessageContaining("resolution 4");
    assertThatThrownBy(() -> MobileNetV1.of(1, 0, 64)).hasMessageContaining("classes 0");
  }
}
