package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSpecTest {
  @ParameterizedTest
  @ValueSource(strings = {"sim", "core50:/a/b", "images:x", "cifar10:.", "idx:c:d"})
  void textFormsSurviveARoundTrip(String text) {
    assertThat(DataSpec.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sim:x", "mnist", "images", "images:", ":x", "Sim"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> DataSpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void onlyCore50HasFrames() {
    assertThat(DataSets.frames(DataSpec.simulated()).name()).isEqualTo("sim");
    assertThat(DataSpec.parse("core50:x").hasFrames()).isTrue();
    assertThatThrownBy(() -> DataSets.frames(DataSpec.parse("cifar10:x")))
        .hasMessageContaining("nicv2-N");
  }

  @Test
  void labelledSimulationKeepsSessionsApart() {
    LabelledData data = DataSets.labelled(DataSpec.simulated(), 16);

    assertThat(data.train().size()).isEqualTo(8 * 50 * 30);
    assertThat(data.test().size()).isEqualTo(3 * 50 * 30);
    assertThat(data.train().describe(0)).contains("session 1,");
    assertThat(data.test().describe(0)).contains("session 3,");
    assertThat(data.test().label(data.test().size() - 1)).isEqualTo(49);
  }

  @Test
  void labelledFolders(@TempDir Path root) {
    Images.write(root.resolve("train/a/1.png"), 8, 8, 0);
    Images.write(root.resolve("test/a/1.png"), 8, 8, 0);

    try (LabelledData data = DataSets.labelled(DataSpec.parse("images:" + root), 8)) {
      assertThat(data.train().size() + data.test().size()).isEqualTo(2);
    }
  }

  @Test
  void splitsMustAgree() {
    ImageSet small = Images.memory(2, 4);

    assertThatThrownBy(() -> new LabelledData(small, Images.memory(2, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size");
  }
}
