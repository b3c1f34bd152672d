package dev.accrete.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.CaffeNet;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import dev.accrete.nn.Weights;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OnnxModelTest {
  @Test
  void holdsEveryLayerAndWeightOnce() {
    Network network = MobileNetV1.of(0.25, 10, 16);
    byte[] model = OnnxModel.of(network, Weights.initial(network, 1), 2);
    String text = new String(model, StandardCharsets.ISO_8859_1);
    assertThat(count(text, "Conv of ")).isEqualTo(27);
    assertThat(count(text, "BatchNormalization of ")).isEqualTo(27);
    assertThat(count(text, "Relu of ")).isEqualTo(27);
    assertThat(count(text, "Gemm of ")).isEqualTo(1);
    int weights = 4 * (network.parameters().count() + network.moments().count());
    assertThat(model.length).isBetween(weights, weights + 40_000);
  }

  private static long count(String text, String part) {
    return Pattern.compile(part, Pattern.LITERAL).matcher(text).results().count();
  }

  @Test
  void refusesAnOpThatItCannotTranslate() {
    Network network = CaffeNet.of(10, 67);
    assertThatThrownBy(() -> OnnxModel.of(network, Weights.initial(network, 1), 1))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("no ONNX form of");
  }
}
