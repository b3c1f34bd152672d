package dev.accrete.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  @Test
  void replacesAFileAndLeavesNothingBeside() throws IOException {
    Path file = folder.resolve("state.bin");
    AtomicFiles.write(file, List.of(new byte[] {1}, new byte[] {2, 3}));
    AtomicFiles.write(file, List.of(new byte[] {4}));
    assertThat(Files.readAllBytes(file)).containsExactly(4);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFailureNamesTheFileAndLeavesTheOldOne() throws IOException {
    Path missing = folder.resolve("missing").resolve("state.bin");
    assertThatThrownBy(() -> AtomicFiles.write(missing, List.of()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("NoSuchFileException")
        .hasMessageContaining("untouched");
    Path occupied = folder.resolve("occupied");
    Files.createDirectories(occupied.resolve("inner"));
    assertThatThrownBy(() -> AtomicFiles.write(occupied, List.of(new byte[1])))
        .isInstanceOf(AccreteException.class);
    assertThat(occupied.resolve("inner")).isDirectory();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(occupied);
    }
  }

  @Test
  void safetensorsSurviveTheDisk() {
    Path file = folder.resolve("x.safetensors");
    TensorFile contents = TensorFile.of(Map.of("t", StoredTensor.of(new float[] {1, 2})), Map.of());
    Safetensors.write(file, contents);
    assertThat(Safetensors.read(file).tensors()).isEqualTo(contents.tensors());
    assertThat(Safetensors.read(file).source()).isEqualTo(file.toString());
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("none.safetensors")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("none.safetensors");
    assertThatThrownBy(() -> Safetensors.read(folder)).isInstanceOf(AccreteException.class);
  }
}
