package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSpecTest {
  @ParameterizedTest
  @CsvSource({
    "mobilenet-v1, 64, mobilenet-v1-1.0-64, 1024",
    "mobilenet-v1:0.5, 128, mobilenet-v1-0.5-128, 512",
    "caffenet, 128, caffenet-128, 2048",
    "small-cnn, 16, small-cnn-16, 64",
    "mlp:32, 8, mlp-32-8, 32"
  })
  void buildsEveryModel(String text, int size, String name, int features) {
    Network network = ModelSpec.parse(text, size, 7);
    assertThat(network.name()).isEqualTo(name);
    assertThat(network.featureSize()).isEqualTo(features);
    assertThat(network.head().shape()).isEqualTo(Shape.of(7, features));
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet", "mobilenet-v1:wide", "mobilenet-v1:-1", "mlp:0", "caffenet:2x"})
  void namesTheChoicesWhenAModelCannotBeBuilt(String text) {
    assertThatThrownBy(() -> ModelSpec.parse(text, 64, 5))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(text)
        .hasMessageContaining("mobilenet-v1[:width], caffenet, small-cnn, mlp");
  }

  /** Shapes of confs/sI/mid-caffeNet at 128 pixels: conv1 30x30, pools 15, 7 and 3. */
  @Test
  void caffeNetHasTheShapesOfTheBenchmark() {
    Network network = CaffeNet.of(50);
    assertThat(network.parameters().get("conv2.weight").shape()).isEqualTo(Shape.of(256, 48, 5, 5));
    assertThat(network.parameters().get("mid_fc6.weight").shape())
        .isEqualTo(Shape.of(2048, 256 * 3 * 3));
    assertThat(network.parameters().all().stream().map(Parameter::name))
        .contains("conv1.bias", "mid_fc7.bias")
        .doesNotContain("mid_fc8.bias");
  }
}
