package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileTest {
  private final Network network = MobileNetV1.of(0.25, 5, 32);
  private final Weights weights = Weights.initial(network, 8);

  @TempDir Path folder;

  private Path save(StoredType type) {
    Path file = folder.resolve("weights.safetensors");
    WeightFile.save(file, network, weights, type, Map.of("epochs", "3"));
    return file;
  }

  @Test
  void singlePrecisionKeepsEveryBit() {
    Weights read = WeightFile.load(save(StoredType.F32), network);
    assertThat(read.parameters()).isEqualTo(weights.parameters());
    assertThat(read.moments()).isEqualTo(weights.moments());
  }

  @Test
  void halfPrecisionRoundsWeightsAndHalvesTheFile() throws IOException {
    long full = Files.size(save(StoredType.F32));
    Path file = save(StoredType.F16);
    assertThat(Files.size(file)).isLessThan(full * 6 / 10);
    Weights read = WeightFile.load(file, network);
    for (Parameter p : network.parameters().all()) {
      for (int i = p.offset(); i < p.offset() + p.size(); i++) {
        float value = weights.parameters()[i];
        float expected = p.fanIn() > 0 ? Float.float16ToFloat(Float.floatToFloat16(value)) : value;
        assertThat(read.parameters()[i]).isEqualTo(expected);
      }
    }
    assertThat(read.moments()).isEqualTo(weights.moments());
    TensorFile contents = Safetensors.read(file);
    assertThat(contents.tensor("conv2_1/dw.weight").type()).isEqualTo(StoredType.F16);
    assertThat(contents.tensor("conv2_1/dw.gamma").type()).isEqualTo(StoredType.F32);
    assertThat(contents.metadata())
        .containsEntry("epochs", "3")
        .containsEntry("model", "mobilenet-v1-0.25");
    assertThat(contents.tensors().keySet())
        .contains("conv2_1/dw.moving_mean", "conv2_1/dw.moving_variance", "fc7.weight");
  }

  @Test
  void aBackboneServesOtherClassesAndResolutions() {
    Path file = save(StoredType.F32);
    Network other = MobileNetV1.of(0.25, 9, 64);
    Weights initial = Weights.initial(other, 77);
    Weights read = WeightFile.loadBackbone(file, other, initial);
    int head = other.head().offset();
    assertThat(Arrays.copyOf(read.parameters(), head))
        .isEqualTo(Arrays.copyOf(weights.parameters(), head));
    assertThat(Arrays.copyOfRange(read.parameters(), head, other.parameters().size()))
        .isEqualTo(Arrays.copyOfRange(initial.parameters(), head, other.parameters().size()));
    assertThatThrownBy(() -> WeightFile.load(file, other))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'fc7.weight' has shape [5, 256], not [9, 256]");
  }

  @Test
  void everyFaultIsNamed() {
    TensorFile contents = WeightFile.contents(network, weights, StoredType.F32, Map.of());
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(contents.tensors());
    tensors.remove("conv1.gamma");
    tensors.remove("conv6/sep.moving_mean");
    tensors.put("conv1.weight", StoredTensor.of(new float[3]));
    tensors.put("fc8.weight", StoredTensor.of(new float[3]));
    Path file = folder.resolve("faulty.safetensors");
    Safetensors.write(file, TensorFile.of(tensors, contents.metadata()));
    assertThatThrownBy(() -> WeightFile.load(file, network))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("faulty.safetensors")
        .hasMessageContaining("'conv1.gamma' is missing")
        .hasMessageContaining("'conv6/sep.moving_mean' is missing")
        .hasMessageContaining("'conv1.weight' has shape [3], not [8, 3, 3, 3]")
        .hasMessageContaining("'fc8.weight' is unknown")
        .hasMessageContaining("model mobilenet-v1-0.25");
  }

  @Test
  void valuesThatOverflowAreNotSaved() {
    weights.parameters()[network.head().offset()] = 1e6f;
    assertThatThrownBy(() -> save(StoredType.F16))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("fc7.weight")
        .hasMessageContaining("F32");
    weights.moments()[0] = Float.NaN;
    assertThatThrownBy(() -> save(StoredType.F32)).hasMessageContaining("conv1.moving_mean");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aModelWithoutBackboneHasNone() {
    assertThat(Backbones.find(SmallCnn.of(3, 8))).isEmpty();
  }

  @Test
  void shippedBackbonesLoad() {
    for (double width : new double[] {0.5, 1.0}) {
      Network model = MobileNetV1.of(width, 50, 64);
      Backbones.find(model)
          .ifPresent(
              backbone -> {
                Weights loaded = backbone.weights(model, 1);
                assertThat(loaded.parameters()).hasSize(model.parameters().size());
                assertThat(loaded.moments()).isNotEqualTo(model.initialMoments());
                assertThat(backbone.card()).contains("top-1");
                assertThat(backbone.summary()).matches("[34]\\d\\.\\d% top-1 on .*tiny-imagenet.*");
              });
    }
  }
}
