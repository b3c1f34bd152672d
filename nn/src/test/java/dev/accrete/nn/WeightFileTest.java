package dev.accrete.nn;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    Pretrained opened = WeightFile.open(file, other, List.of(), initial);
    Weights read = opened.weights();
    assertThat(opened.head()).isFalse();
    assertThat(opened.preprocessing()).isEqualTo(Preprocessing.imageNet());
    int head = other.head().offset();
    assertThat(Arrays.copyOf(read.parameters(), head))
        .isEqualTo(Arrays.copyOf(weights.parameters(), head));
    assertThat(Arrays.copyOfRange(read.parameters(), head, other.parameters().size()))
        .isEqualTo(Arrays.copyOfRange(initial.parameters(), head, other.parameters().size()));
    assertThatThrownBy(() -> WeightFile.load(file, other))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'fc7.weight' has shape [5, 256], not [9, 256]");
  }

  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

  private float[] head(Weights of) {
    int from = network.head().offset();
    return Arrays.copyOfRange(of.parameters(), from, from + network.head().size());
  }

  private Path named(List<String> names) {
    Path file = folder.resolve("named.safetensors");
    Map<String, String> remarks = WeightFile.remarks(names, Preprocessing.centred(3));
    WeightFile.save(file, network, weights, StoredType.F32, remarks);
    return file;
  }

  @Test
  void aHeadOfTheSameNamesIsTakenRowByRow() {
    Weights initial = Weights.initial(network, 77);
    Pretrained same = WeightFile.open(named(NAMES), network, NAMES, initial);
    assertThat(same.head()).isTrue();
    assertThat(same.preprocessing()).isEqualTo(Preprocessing.centred(3));
    assertThat(same.weights().parameters()).isEqualTo(weights.parameters());

    Pretrained turned = WeightFile.open(named(NAMES), network, NAMES.reversed(), initial);
    assertThat(turned.head()).isTrue();
    int length = network.featureSize();
    for (int k = 0; k < 5; k++) {
      assertThat(Arrays.copyOfRange(head(turned.weights()), k * length, (k + 1) * length))
          .isEqualTo(Arrays.copyOfRange(head(weights), (4 - k) * length, (5 - k) * length));
    }
  }

  @Test
  void aHeadThatFitsByNumberOnlyIsLeft() {
    Weights initial = Weights.initial(network, 77);
    List<List<String>> others =
        List.of(List.of(), List.of("a", "b", "c", "d", "f"), List.of("A", "b", "c", "d", "e"));
    for (List<String> names : others) {
      Pretrained opened = WeightFile.open(named(NAMES), network, names, initial);
      assertThat(opened.head()).isFalse();
      assertThat(head(opened.weights())).isEqualTo(head(initial));
    }
    Pretrained unknown = WeightFile.open(save(StoredType.F32), network, NAMES, initial);
    assertThat(unknown.head()).isFalse();
    assertThat(head(unknown.weights())).isEqualTo(head(initial));
    assertThat(unknown.weights().moments()).isEqualTo(weights.moments());
  }

  @Test
  void anExportedModelIsSomethingToBeginWith() {
    Weights initial = Weights.initial(network, 77);
    Path file = folder.resolve("model.safetensors");
    Model model = Model.of("mobilenet-v1:0.25", 32, NAMES, weights, Preprocessing.caffeMobileNet());
    model.save(file);
    Pretrained opened = WeightFile.open(file, network, NAMES, initial);
    assertThat(opened.head()).isTrue();
    assertThat(opened.preprocessing()).isEqualTo(Preprocessing.caffeMobileNet());
    assertThat(opened.weights().parameters()).isEqualTo(weights.parameters());
    // Rows that are nothing without their bias are left.
    model.withBias(new float[5]).save(file);
    Pretrained biased = WeightFile.open(file, network, NAMES, initial);
    assertThat(biased.head()).isFalse();
    assertThat(head(biased.weights())).isEqualTo(head(initial));
  }

  @Test
  void namesThatDoNotFitTheHeadAreAnError() {
    assertThatThrownBy(
            () ->
                WeightFile.open(
                    named(List.of("a", "b")), network, NAMES, Weights.initial(network, 1)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("names 2 classes, but its head has shape [5, 256]");
    assertThatThrownBy(() -> WeightFile.remarks(List.of("a", "a"), Preprocessing.imageNet()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A sound file but for one element. */
  private Path spoilt(String name, int element, float value) {
    TensorFile contents = WeightFile.contents(network, weights, StoredType.F32, Map.of());
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(contents.tensors());
    StoredTensor old = contents.tensor(name);
    float[] values = old.floats();
    values[element] = value;
    int[] shape = old.shape().stream().mapToInt(Integer::intValue).toArray();
    tensors.put(name, StoredTensor.of(StoredType.F32, values, shape));
    Path file = folder.resolve("spoilt.safetensors");
    Safetensors.write(file, TensorFile.of(tensors, contents.metadata()));
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "conv1.weight, 5, NaN",
    "conv6/dw.gamma, 3, Infinity",
    "conv6/sep.beta, 0, -Infinity",
    "conv2_1/sep.weight, 1, 1e30",
    "conv2_1/sep.weight, 1, -2e5",
    "conv1.moving_mean, 2, 1e20",
    "conv1.moving_variance, 2, -0.5",
    "conv1.moving_variance, 2, NaN"
  })
  void numbersThatNoTrainingLeavesAreNamed(String tensor, int element, float value) {
    Path file = spoilt(tensor, element, value);
    for (ThrowingCallable load :
        List.<ThrowingCallable>of(
            () -> WeightFile.load(file, network),
            () -> WeightFile.open(file, network, NAMES, Weights.initial(network, 1)),
            () -> Widening.of(WeightFile.tensors(file), network, NAMES, 1))) {
      assertThatThrownBy(load)
          .isInstanceOf(AccreteException.class)
          .hasMessageContainingAll("spoilt.safetensors", "'" + tensor + "'", " " + value)
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void unknownKindsOfWeightsAreOneLine() throws IOException {
    Weights initial = Weights.initial(network, 1);
    for (byte[] content :
        List.of(
            new byte[0],
            "PK\u0003\u0004 a zip, as torch writes".getBytes(UTF_8),
            new byte[] {8, 7, 18, 7, 112, 121, 116, 111, 114, 99, 104})) {
      Path file = Files.write(folder.resolve("weights.pt"), content);
      assertThatThrownBy(() -> WeightFile.open(file, network, NAMES, initial))
          .isInstanceOf(AccreteException.class)
          .hasMessageContainingAll("weights.pt", "no known kind", "safetensors", ".caffemodel");
    }
    Path missing = folder.resolve("none.safetensors");
    assertThatThrownBy(() -> WeightFile.open(missing, network, NAMES, initial))
        .isInstanceOf(AccreteException.class)
        .hasMessageContainingAll("none.safetensors", "NoSuchFile", "check the path");
    Path caffe = Files.write(folder.resolve("net.caffemodel"), new byte[] {10, 1, 65});
    assertThatThrownBy(() -> WeightFile.tensors(caffe)).hasMessageContaining("cannot be widened");
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

  /** The shipped files have heads of 150 classes without names. */
  @Test
  void shippedHeadsAreNotTakenByNumber() {
    Network as = MobileNetV1.of(0.5, 150, 64);
    Weights opened = Backbones.find(as).orElseThrow().weights(as, 7);
    int from = as.head().offset();
    int to = from + as.head().size();
    assertThat(Arrays.copyOfRange(opened.parameters(), from, to))
        .isEqualTo(Arrays.copyOfRange(as.initialWeights(7), from, to));
  }

  @Test
  void shippedBackbonesLoad() {
    for (double width : new double[] {0.5, 1.0}) {
      Network model = MobileNetV1.of(width, 50, 64);
      Backbones.find(model)
          .ifPresent(
              backbone -> {
                Weights loaded = backbone.weights(model, 1);
                assertThat(backbone.open(model, 1).preprocessing())
                    .isEqualTo(Preprocessing.imageNet());
                assertThat(loaded.parameters()).hasSize(model.parameters().size());
                assertThat(loaded.moments()).isNotEqualTo(model.initialMoments());
                for (Parameter parameter : model.parameters().all()) {
                  int from = parameter.offset();
                  float[] values =
                      parameter.equals(model.head())
                          ? Arrays.copyOfRange(
                              model.initialWeights(1), from, from + parameter.size())
                          : backbone.contents().tensor(parameter.name()).floats();
                  assertThat(Arrays.copyOfRange(loaded.parameters(), from, from + values.length))
                      .as(parameter.name())
                      .isEqualTo(values);
                }
                assertThat(backbone.card()).contains("top-1");
                assertThat(backbone.summary()).matches("[45]\\d\\.\\d% top-1 on .*tiny-imagenet.*");
              });
    }
  }
}
