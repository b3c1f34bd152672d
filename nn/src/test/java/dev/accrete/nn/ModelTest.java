package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
  private static final List<String> CLASSES = List.of("cup", "große Tasse", "🥤, \"tall\"");

  @TempDir Path folder;

  static Model model() {
    Network network = SmallCnn.of(CLASSES.size(), 8);
    return Model.of(
            "small-cnn", 8, CLASSES, Weights.initial(network, 3), Preprocessing.caffeMobileNet())
        .withBias(0.5f, -1, 0)
        .withTemperature(2)
        .withProvenance(Map.of("strategy", "slda", "experiences", "9"));
  }

  private Path saved() {
    Path file = folder.resolve("model.safetensors");
    model().save(file);
    return file;
  }

  /** Changes a sound file. */
  private Path changed(BiConsumer<Map<String, StoredTensor>, Map<String, String>> change) {
    TensorFile contents = Safetensors.read(saved());
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(contents.tensors());
    Map<String, String> metadata = new TreeMap<>(contents.metadata());
    change.accept(tensors, metadata);
    metadata.remove("sha256");
    metadata.put("sha256", Safetensors.sha256(TensorFile.of(tensors, metadata)));
    Path file = folder.resolve("changed.safetensors");
    Safetensors.write(file, TensorFile.of(tensors, metadata));
    return file;
  }

  private static void assertRefused(Path file, String... parts) {
    assertThatThrownBy(() -> Model.load(file))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContainingAll(parts)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void everythingTravelsInOneFile() throws IOException, NoSuchAlgorithmException {
    Model model = model();
    Path file = saved();
    Model read = Model.load(file);

    assertThat(read.architecture()).isEqualTo("small-cnn");
    assertThat(read.network().name()).isEqualTo("small-cnn-8");
    assertThat(read.classes()).isEqualTo(CLASSES);
    assertThat(read.weights().parameters()).isEqualTo(model.weights().parameters());
    assertThat(read.weights().moments()).isEqualTo(model.weights().moments());
    assertThat(read.preprocessing()).isEqualTo(Preprocessing.caffeMobileNet());
    assertThat(read.bias().orElseThrow()).containsExactly(0.5f, -1, 0);
    assertThat(read.temperature()).isEqualTo(2);
    assertThat(read.provenance()).isEqualTo(Map.of("strategy", "slda", "experiences", "9"));
    byte[] sha = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    assertThat(read.digest()).isEqualTo(model.digest()).isEqualTo(HexFormat.of().formatHex(sha));
    assertThat(read.withTemperature(1).digest()).isNotEqualTo(model.digest());
  }

  @Test
  void withoutBiasThereIsNone() {
    Network network = Mlp.of(1, dev.accrete.core.Shape.of(3, 8, 8), 4);
    Weights weights = Weights.initial(network, 1);
    Path file = folder.resolve("plain.safetensors");
    Model.of("mlp:4", 8, List.of("only"), weights, Preprocessing.imageNet()).save(file);
    Model read = Model.load(file);
    assertThat(read.bias()).isEmpty();
    assertThat(read.temperature()).isEqualTo(1);
    assertThat(read.provenance()).isEmpty();
  }

  private static Model onMoments() {
    LayerMoments moments = LayerMoments.of(SmallCnn.of(CLASSES.size(), 8), LayerSet.S);
    float[] head = new float[CLASSES.size() * 160];
    for (int i = 0; i < head.length; i++) {
      head[i] = i % 17 - 8;
    }
    return model().withMoments(moments, true, head);
  }

  @Test
  void aHeadOnMomentsTravelsToo() {
    Path file = folder.resolve("moments.safetensors");
    Model model = onMoments();
    model.save(file);
    Model read = Model.load(file);
    assertThat(read.moments().orElseThrow().toString())
        .isEqualTo("conv1:mean+std,conv2:mean+std,conv3:mean");
    assertThat(read.digest()).isEqualTo(model.digest()).isNotEqualTo(model().digest());
    assertThat(model().moments()).isEmpty();
    assertThat(Safetensors.read(file).metadata()).containsEntry("format", "accrete-model-2");
    Network network = SmallCnn.of(CLASSES.size(), 8);
    Pretrained body = WeightFile.open(file, network, CLASSES, Weights.initial(network, 9));
    assertThat(body.head()).as("a head of other features is none").isFalse();
  }

  @Test
  void aHeadOnMomentsThatDoesNotFitIsNamed() {
    Path file = folder.resolve("moments.safetensors");
    onMoments().save(file);
    TensorFile contents = Safetensors.read(file);
    Path changed = folder.resolve("changed.safetensors");
    Map<String, String> remarks = new TreeMap<>(contents.metadata());
    remarks.put("features", "conv1:mean");
    Safetensors.write(changed, Remarks.sealed(TensorFile.of(contents.tensors(), remarks)));
    assertRefused(changed, "3 classes", "conv1:mean", "48 weights");
    remarks.put("features", "conv9:mean");
    Safetensors.write(changed, Remarks.sealed(TensorFile.of(contents.tensors(), remarks)));
    assertRefused(changed, "conv9:mean", "conv3");
    remarks.remove("features");
    Safetensors.write(changed, Remarks.sealed(TensorFile.of(contents.tensors(), remarks)));
    assertRefused(changed, "lacks 'features'");
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(contents.tensors());
    tensors.remove("accrete.head");
    Safetensors.write(changed, Remarks.sealed(TensorFile.of(tensors, contents.metadata())));
    assertRefused(changed, "accrete.head");
  }

  @Test
  void callersCannotChangeIt() {
    Model model = model();
    String digest = model.digest();
    model.weights().parameters()[0] = 9;
    model.weights().moments()[0] = 9;
    model.bias().orElseThrow()[0] = 9;
    assertThat(model.digest()).isEqualTo(digest);
  }

  @Test
  void onlyRowsOfClassesThatWereSeenAreTaken() {
    Network large = SmallCnn.of(5, 8);
    Weights weights = Weights.initial(large, 3);
    Network small = SmallCnn.of(2, 8);
    Weights seen = weights.withHeadRows(large, 4, 1);
    Model model = Model.of("small-cnn", 8, List.of("e", "b"), seen, Preprocessing.imageNet());
    int length = large.featureSize();
    int from = large.head().offset();
    float[] taken = model.weights().parameters();
    assertThat(Arrays.copyOfRange(taken, from, from + length))
        .isEqualTo(Arrays.copyOfRange(weights.parameters(), from + 4 * length, from + 5 * length));
    assertThat(Arrays.copyOfRange(taken, from + length, from + 2 * length))
        .isEqualTo(Arrays.copyOfRange(weights.parameters(), from + length, from + 2 * length));
    assertThat(taken)
        .hasSize(small.parameters().size())
        .startsWith(Arrays.copyOf(weights.parameters(), from));
    assertThatThrownBy(() -> weights.withHeadRows(large, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> weights.withHeadRows(large))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mistakesOfCallersAreNamed() {
    Weights weights = Weights.initial(SmallCnn.of(2, 8), 3);
    Preprocessing pixels = Preprocessing.imageNet();
    assertThatThrownBy(() -> Model.of("small-cnn", 8, List.of("a", "a"), weights, pixels))
        .hasMessageContaining("class 'a' stands there twice");
    assertThatThrownBy(() -> Model.of("small-cnn", 8, List.of("a", " "), weights, pixels))
        .hasMessageContaining("class 1 is blank");
    assertThatThrownBy(() -> Model.of("small-cnn", 8, List.of(), weights, pixels))
        .hasMessageContaining("no class names");
    List<String> three = List.of("a", "b", "c");
    assertThatThrownBy(() -> Model.of("mobilenet-v1", 8, three, weights, pixels))
        .hasMessageContaining("mobilenet-v1-1.0-8 with 3 classes has");
    List<String> two = List.of("a", "b");
    assertThatThrownBy(() -> Model.of("small-cnn", 8, two, weights, Preprocessing.centred(1)))
        .hasMessageContaining("reads 3 channels");
    Model model = Model.of("small-cnn", 8, two, weights, pixels);
    assertThatThrownBy(() -> model.withBias(1)).hasMessageContaining("each of 2 classes");
    assertThatThrownBy(() -> model.withBias(1, Float.NaN)).hasMessageContaining("class 'b' is NaN");
    for (float temperature : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> model.withTemperature(temperature))
          .hasMessageContaining("temperature must be above 0, got " + temperature);
    }
    weights.parameters()[3] = Float.NaN;
    assertThatThrownBy(() -> Model.of("small-cnn", 8, two, weights, pixels))
        .isInstanceOf(NumericalException.class)
        .hasMessageContainingAll("small-cnn-8", "'conv1.weight' has the value NaN at element 3")
        .hasMessageContainingAll("training diverged", "lower the learning rate")
        .hasMessageNotContaining("file");
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(saved());
    Path damaged = folder.resolve("damaged.safetensors");
    Random random = new Random(7);
    for (int round = 0; round < 600; round++) {
      // Half of them in the header, which is short.
      int at = random.nextInt(round % 2 == 0 ? 2500 : whole.length);
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(damaged, bytes);
      assertThatThrownBy(() -> Model.load(damaged))
          .as("byte %d", at)
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("damaged.safetensors")
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void aChecksumIsNeededAndMustMatchForWeightsToStartFromToo() throws IOException {
    TensorFile contents = Safetensors.read(saved());
    Map<String, String> metadata = new TreeMap<>(contents.metadata());
    metadata.remove("sha256");
    Path old = folder.resolve("old.safetensors");
    Safetensors.write(old, TensorFile.of(contents.tensors(), metadata));
    assertRefused(old, "of an older form, without a checksum", "export it again");

    byte[] bytes = Files.readAllBytes(saved());
    bytes[bytes.length - 1] ^= 1;
    Path damaged = Files.write(folder.resolve("damaged.safetensors"), bytes);
    assertRefused(damaged, "is damaged: its checksum does not match");
    Network network = SmallCnn.of(3, 8);
    Weights initial = Weights.initial(network, 1);
    assertThatThrownBy(() -> WeightFile.open(damaged, network, CLASSES, initial))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("its checksum does not match");
  }

  @Test
  void otherFilesAreNoModels() throws IOException {
    Network network = SmallCnn.of(3, 8);
    Path weights = folder.resolve("weights.safetensors");
    WeightFile.save(weights, network, Weights.initial(network, 1), StoredType.F32, Map.of());
    assertRefused(weights, "is not a model", "weights alone");
    Path text = Files.writeString(folder.resolve("model.txt"), "hello, this is no model at all");
    assertRefused(text, "no known kind", "safetensors");
    Path caffe = Files.write(folder.resolve("net.caffemodel"), new byte[] {10, 1, 65});
    assertRefused(caffe, "is not a model", "Caffe");
    Path empty = Files.createFile(folder.resolve("empty.safetensors"));
    assertRefused(empty, "0 bytes");
    assertRefused(folder.resolve("none.safetensors"), "check the path");
    byte[] whole = Files.readAllBytes(saved());
    Path cut = folder.resolve("cut.safetensors");
    for (int length = 0; length < whole.length; length += 997) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertRefused(cut, "not a sound safetensors");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "format | accrete-model-3 | accrete-model-3",
        "format | '' | weights alone",
        "classes | [\"a\", \"b\", \"a\"] | class 'a' stands there twice",
        "classes | [\"a\", \"b\"] | 'head.weight' has shape [3, 64], not [2, 64]",
        "classes | [] | no class names",
        "classes | [\"a\", null, \"b\"] | 'classes' have a null",
        "classes | null | 'classes' have a null",
        "classes | three | 'classes' are no list",
        "architecture | resnext | there is no such model",
        "architecture | mlp:100000000000 | whole number",
        "architecture | mlp:2000000000 | at most 2^31-1",
        "architecture | mobilenet-v1 | 'conv2_1/dw.weight' is missing",
        "imageSize | 0 | images of 4 to 2048 pixels",
        "imageSize | 1000000 | images of 4 to 2048 pixels",
        "imageSize | eight | eight",
        "mean | [1, 2] | one finite mean and one positive std",
        "mean | [1, 2, \"x\"] | 'mean' are no list",
        "mean | [1, 2, \"NaN\"] | one finite mean",
        "std | [1, 2, 0] | one finite mean and one positive std",
        "channelOrder | BGR | order BGR",
        "temperature | 0 | temperature must be above 0",
        "temperature | warm | warm"
      })
  void metadataThatMakeNoSenseAreNamed(String key, String value, String message) {
    assertRefused(changed((tensors, metadata) -> metadata.put(key, value)), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"classes", "mean", "std", "architecture", "imageSize", "temperature"})
  void missingMetadataAreNamed(String key) {
    assertRefused(changed((tensors, metadata) -> metadata.remove(key)), "soundly");
  }

  @Test
  void tensorsThatDoNotFitAreNamed() {
    assertRefused(
        changed((tensors, metadata) -> tensors.remove("conv2.gamma")), "'conv2.gamma' is missing");
    assertRefused(
        changed((tensors, metadata) -> tensors.put("extra", StoredTensor.of(new float[1]))),
        "'extra' is unknown");
    assertRefused(
        changed((tensors, metadata) -> tensors.put(Model.BIAS, StoredTensor.of(new float[2]))),
        "each of 3 classes, got 2");
    float[] bias = {0, Float.NEGATIVE_INFINITY, 0};
    assertRefused(
        changed((tensors, metadata) -> tensors.put(Model.BIAS, StoredTensor.of(bias))),
        "class 'große Tasse' is -Infinity");
    float[] shift = new float[16];
    shift[7] = Float.NaN;
    assertRefused(
        changed((tensors, metadata) -> tensors.put("conv1.beta", StoredTensor.of(shift))),
        "'conv1.beta' has the value NaN at element 7");
  }
}
