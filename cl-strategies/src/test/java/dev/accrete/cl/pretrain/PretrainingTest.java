package dev.accrete.cl.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.WeightFile;
import dev.accrete.nn.Weights;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PretrainingTest {
  private static final int CLASSES = 3;
  private static final Augmentation PLAIN = new Augmentation(0, 1, 0);
  private static Backend backend;

  @TempDir Path folder;
  private boolean refused;

  @BeforeAll
  static void open() {
    backend = Backends.create(Backends.AUTO, BackendOptions.defaults());
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  @Test
  void learnsToTellColoursApart() {
    Pretraining.Result result = training(folder, options("32x20"), new Quiet()).run();
    assertThat(result.validationAccuracy()).isGreaterThan(0.9);
    assertThat(result.validationByEpoch()).hasSize(20);
  }

  @Test
  void aKilledTrainingGoesOnToTheSameBits() throws IOException {
    PretrainOptions options = options("16x2,32x2", new Augmentation(0.0625, 0.5, 0.5));
    Pretraining.Result whole =
        training(Files.createDirectory(folder.resolve("whole")), options, new Quiet()).run();
    Path killed = Files.createDirectory(folder.resolve("killed"));
    for (int kill : new int[] {2, 7, 11, 14}) {
      Pretraining interrupted = training(killed, options, new Killer(kill));
      assertThatThrownBy(interrupted::run).isInstanceOf(Killed.class);
    }
    Pretraining.Result resumed = training(killed, options, new Quiet()).run();
    assertThat(resumed.weights().parameters()).isEqualTo(whole.weights().parameters());
    assertThat(resumed.weights().moments()).isEqualTo(whole.weights().moments());
    assertThat(resumed.validationByEpoch()).isEqualTo(whole.validationByEpoch());
  }

  @Test
  void refusesTheStateOfAnotherRecipe() {
    training(folder, options("32x1"), new Quiet()).run();
    assertThatThrownBy(() -> training(folder, options("32x2"), new Quiet()).run())
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("another training")
        .hasMessageContaining("--out");
  }

  @Test
  void cropsAndMixedImagesAreAnotherRecipe() {
    training(folder, options("16x1"), new Quiet()).run();
    Augmentation varied = new Augmentation(0.0625, 0.5, 0.25);
    assertThatThrownBy(() -> training(folder, options("16x1", varied), new Quiet()).run())
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("--shift 0.0625, --seed")
        .hasMessageContaining("--shift 0.0625, --crop-area 0.5, --cut-mix 0.25, --seed");
  }

  @Test
  void refusesTheStateOfOtherData() {
    training(folder, options("16x1"), new Quiet()).run();
    Pretraining other =
        new Pretraining(
            backend,
            size -> MobileNetV1.of(0.25, CLASSES, size),
            size -> colours(64, size, 3),
            size -> colours(30, size, 2),
            options("16x1"),
            folder,
            new Quiet());
    assertThatThrownBy(other::run)
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("another training")
        .hasMessageContaining("data " + colours(64, 16, 1).fingerprint())
        .hasMessageContaining("data " + colours(64, 16, 3).fingerprint())
        .hasMessageContaining("--out");
  }

  @Test
  void twoInOneFolderAreRefused() {
    Pretraining second = training(folder.resolve("out"), options("16x1"), new Quiet());
    Pretraining first =
        training(
            folder.resolve("out"),
            options("16x1"),
            new Quiet() {
              @Override
              public void step(Pretraining.Position position, float loss) {
                assertThatThrownBy(second::run)
                    .isInstanceOf(AccreteException.class)
                    .hasMessageContaining("in use");
                refused = true;
              }
            });
    first.run();
    assertThat(refused).isTrue();
  }

  @Test
  void aFolderOfOthersIsRefused() throws IOException {
    Path card = Files.writeString(folder.resolve("model-card.md"), "mine");
    assertThatThrownBy(() -> training(folder, options("16x1"), new Quiet()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("not empty")
        .hasMessageContaining("model-card.md");
    assertThat(card).hasContent("mine");
  }

  @Test
  void weightsThatAreNoNumbersAreNamedBeforeTheyAreTrained() {
    Path start = folder.resolve("start.safetensors");
    Network network = MobileNetV1.of(0.25, CLASSES, 16);
    Weights sound = Weights.initial(network, 1);
    WeightFile.save(start, network, sound, StoredType.F32, Map.of());
    TensorFile file = Safetensors.read(start);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(file.tensors());
    String name = tensors.keySet().iterator().next();
    StoredTensor first = file.tensor(name);
    float[] broken = first.floats();
    broken[0] = Float.NaN;
    int[] shape = first.shape().stream().mapToInt(i -> i).toArray();
    tensors.put(name, StoredTensor.of(StoredType.F32, broken, shape));
    Safetensors.write(start, TensorFile.of(tensors, file.metadata()));
    PretrainOptions options =
        new PretrainOptions(
            PretrainOptions.parsePhases("16x1"), 16, 0.1f, 2, 0, 0, PLAIN, 7, Optional.of(start));
    assertThatThrownBy(() -> training(folder.resolve("out"), options, new Quiet()).run())
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("start.safetensors");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0.1 | 2 | 0 | 0 | 0 | 1 | 0 | --mini-batch is 0, must be at least 1",
        "16 | -1 | 2 | 0 | 0 | 0 | 1 | 0 | --learning-rate is -1, must be above 0",
        "16 | NaN | 2 | 0 | 0 | 0 | 1 | 0 | --learning-rate is NaN",
        "16 | Infinity | 2 | 0 | 0 | 0 | 1 | 0 | --learning-rate is Infinity",
        "16 | 0.1 | -2 | 0 | 0 | 0 | 1 | 0 | --warmup-steps is -2, must be at least 0",
        "16 | 0.1 | 2 | -5 | 0 | 0 | 1 | 0 | --weight-decay is -5, must be at least 0 and at most 1",
        "16 | 0.1 | 2 | 0 | 1 | 0 | 1 | 0 | --label-smoothing is 1, must be at least 0 and below 1",
        "16 | 0.1 | 2 | 0 | 0 | 0.75 | 1 | 0 | --shift is 0.75",
        "16 | 0.1 | 2 | 0 | 0 | 0 | 1.5 | 0 | --crop-area is 1.5, must be at least 0.01 and at most 1",
        "16 | 0.1 | 2 | 0 | 0 | 0 | NaN | 0 | --crop-area is NaN",
        "16 | 0.1 | 2 | 0 | 0 | 0 | 1 | 2 | --cut-mix is 2, must be at least 0 and at most 1",
      })
  void numbersOutOfRangeAreNamed(
      int rows,
      float rate,
      int warmup,
      float decay,
      float smoothing,
      double shift,
      double area,
      double mix,
      String said) {
    assertThatThrownBy(
            () ->
                new PretrainOptions(
                    PretrainOptions.parsePhases("16x1"),
                    rows,
                    rate,
                    warmup,
                    decay,
                    smoothing,
                    new Augmentation(shift, area, mix),
                    1,
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void makesItsFolder() {
    Path missing = folder.resolve("not").resolve("there");
    training(missing, options("16x1"), new Quiet()).run();
    assertThat(missing.resolve("pretrain.safetensors")).exists();
  }

  @Test
  void saysWhenItsFolderCannotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThatThrownBy(() -> training(file.resolve("out"), options("16x1"), new Quiet()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("--out");
  }

  @Test
  void aWiderNetworkStartsWhereTheNarrowOneEnded() {
    Pretraining.Result narrow = training(folder, options("32x20"), new Quiet()).run();
    Path weights = folder.resolve("narrow.safetensors");
    Network network = MobileNetV1.of(0.25, CLASSES, 32);
    Map<String, String> remarks =
        WeightFile.remarks(colours(1, 32, 1).classNames(), Preprocessing.imageNet());
    WeightFile.save(weights, network, narrow.weights(), StoredType.F32, remarks);
    PretrainOptions frozen =
        new PretrainOptions(
            PretrainOptions.parsePhases("32x1"),
            16,
            Float.MIN_NORMAL,
            2,
            0,
            0.1f,
            new Augmentation(0.0625, 1, 0),
            7,
            Optional.of(weights));
    Pretraining.Result wide =
        new Pretraining(
                backend,
                size -> MobileNetV1.of(0.5, CLASSES, size),
                size -> colours(64, size, 1),
                size -> colours(30, size, 2),
                frozen,
                folder.resolve("wide"),
                new Quiet())
            .run();
    assertThat(wide.validationAccuracy()).isGreaterThan(0.9);
  }

  @Test
  void readsPhases() {
    assertThat(PretrainOptions.parsePhases("32x6, 64x2"))
        .containsExactly(new PretrainOptions.Phase(32, 6), new PretrainOptions.Phase(64, 2));
    assertThatThrownBy(() -> PretrainOptions.parsePhases("32x6,64"))
        .hasMessageContaining("'64' is not a phase");
    assertThatThrownBy(() -> PretrainOptions.parsePhases("8x6"))
        .hasMessageContaining("at least 16");
  }

  @Test
  void shareDoneCountsPixels() {
    PretrainOptions options = options("32x4,64x1");
    assertThat(options.pixelsBefore(4) / options.pixelsBefore(5)).isEqualTo(0.5);
  }

  private static PretrainOptions options(String phases) {
    return options(phases, new Augmentation(0.0625, 1, 0));
  }

  private static PretrainOptions options(String phases, Augmentation augmentation) {
    return new PretrainOptions(
        PretrainOptions.parsePhases(phases),
        16,
        0.05f,
        2,
        1e-4f,
        0.1f,
        augmentation,
        7,
        Optional.empty());
  }

  private static Pretraining training(
      Path folder, PretrainOptions options, Pretraining.Listener listener) {
    return new Pretraining(
            backend,
            size -> MobileNetV1.of(0.25, CLASSES, size),
            size -> colours(64, size, 1),
            size -> colours(30, size, 2),
            options,
            folder,
            listener)
        .savingEvery(Duration.ZERO);
  }

  /** Noise with one channel brighter: the channel is the class. */
  private static ImageSet colours(int count, int size, long stream) {
    Rng rng = Rng.of(42, stream);
    byte[] pixels = new byte[count * 3 * size * size];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % CLASSES;
    }
    for (int p = 0; p < pixels.length; p++) {
      int plane = p / (size * size);
      int bright = plane % 3 == labels[plane / 3] ? 90 : 0;
      pixels[p] = (byte) (bright + rng.nextInt(120));
    }
    return new InMemoryImageSet(
        "colours", size, size, List.of("red", "green", "blue"), labels, pixels);
  }

  private static class Quiet implements Pretraining.Listener {
    @Override
    public void step(Pretraining.Position position, float loss) {
      assertThat(position.done()).isBetween(0.0, 1.0);
    }

    @Override
    public void epoch(
        Pretraining.Position position,
        double trainLoss,
        double validationAccuracy,
        double seconds) {
      assertThat(trainLoss).isPositive();
    }
  }

  private static final class Killer extends Quiet {
    private final int step;

    Killer(int step) {
      this.step = step;
    }

    @Override
    public void step(Pretraining.Position position, float loss) {
      if (position.step() == step) {
        throw new Killed();
      }
    }
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
