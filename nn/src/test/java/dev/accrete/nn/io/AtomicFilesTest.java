package dev.accrete.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  void aFullDiskLeavesTheOldFileAndNothingBeside() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full here, a device that is always full");
    Path file = Files.write(folder.resolve("state.bin"), new byte[] {1});
    Path temporary = Files.createSymbolicLink(folder.resolve("state.bin.0.tmp"), full);
    assertThatThrownBy(() -> AtomicFiles.write(file, folder, temporary, List.of(new byte[9])))
        .isInstanceOf(AccreteException.class)
        .hasMessageContainingAll(file.toString(), "No space left on device");
    assertThat(Files.readAllBytes(file)).containsExactly(1);
    assertThat(folder.toFile().list()).containsExactly("state.bin");
  }

  @Test
  void onlyOldLeftoversOfTheSameFileAreSwept() throws IOException {
    Path file = folder.resolve("a.bin");
    for (String name : List.of("a.bin.tmp", "a.bin.0123456789abcdef.tmp", "b.bin.tmp", "a.tmp")) {
      Path old = Files.write(folder.resolve(name), new byte[1]);
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(4000)));
    }
    Files.write(folder.resolve("a.bin.fedcba9876543210.tmp"), new byte[1]);
    AtomicFiles.write(file, List.of(new byte[1]));
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("a.bin", "a.bin.fedcba9876543210.tmp", "b.bin.tmp", "a.tmp");
  }

  @Test
  void twoWritersDoNotMeet() throws Exception {
    Path file = folder.resolve("shared.bin");
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        byte[] content = new byte[50_000];
        Arrays.fill(content, (byte) writer);
        writers.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 10; i++) {
                    AtomicFiles.write(file, List.of(content));
                  }
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    byte[] found = Files.readAllBytes(file);
    assertThat(found).hasSize(50_000).containsOnly(found[0]);
    assertThat(folder.toFile().list()).containsExactly("shared.bin");
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
