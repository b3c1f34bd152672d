package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartingWeightsTest {
  private static final Network HALF = ModelSpec.parse("mobilenet-v1:0.5", 32, 3);

  private static StartingWeights.Opened open(String name, Network network) {
    return new StartingWeights(name).open(network, List.of(), 7);
  }

  @Test
  void namesAreNoFiles() {
    for (String name : StartingWeights.NAMES) {
      assertThat(new StartingWeights(name).file()).isEmpty();
    }
    assertThat(new StartingWeights("some.safetensors").file())
        .contains(Path.of("some.safetensors"));
  }

  @Test
  void eachNameGivesOtherWeightsUnderTheSameHead() {
    float[] usual = open("auto", HALF).start().weights().parameters();
    float[] random = open("none", HALF).start().weights().parameters();
    assertThat(usual).isEqualTo(Backbones.find(HALF).orElseThrow().weights(HALF, 7).parameters());
    int head = HALF.head().offset();
    for (int i = head; i < usual.length; i++) {
      assertThat(random[i]).isEqualTo(usual[i]);
    }
    assertThat(random[0]).isNotEqualTo(usual[0]);
  }

  @Test
  void theHeadIsNewForTheClassesOfTheBackboneToo() {
    List<String> trained =
        Remarks.classes(Backbones.find(HALF).orElseThrow().contents()).orElseThrow();
    Network all = ModelSpec.parse("mobilenet-v1:0.5", 32, trained.size());
    StartingWeights.Opened opened = new StartingWeights("auto").open(all, trained, 7);
    float[] drawn = Weights.initialHead(all, 7).parameters();
    float[] whole = opened.start().weights().parameters();
    int head = all.head().offset();
    assertThat(Arrays.copyOfRange(whole, head, whole.length))
        .isEqualTo(Arrays.copyOfRange(drawn, head, drawn.length));
    assertThat(opened.start().head()).isFalse();
  }

  @Test
  void aFileIsOpened(@TempDir Path folder) {
    Path file = folder.resolve("some.safetensors");
    Weights weights = open("none", HALF).start().weights();
    Model.of("mobilenet-v1:0.5", 32, List.of("a", "b", "c"), weights, Preprocessing.imageNet())
        .save(file);
    StartingWeights.Opened opened = open(file.toString(), HALF);
    assertThat(opened.start().weights().parameters()).isEqualTo(weights.parameters());
    assertThat(opened.origin()).isEqualTo(file.toString());
  }

  @Test
  void whatIsNotEmbeddedIsSaid() {
    assertThat(open("auto", SmallCnn.of(3, 8)).origin())
        .startsWith("random (no embedded backbone for");
  }
}
