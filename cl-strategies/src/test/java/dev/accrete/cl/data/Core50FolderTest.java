package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Core50FolderTest {
  @TempDir Path root;

  @Test
  void readsFramesByTheirPath() {
    Images.write(root.resolve("s1/o7/C_01_07_004.png"), 8, 8, 0xff8040);
    Images.write(root.resolve("s1/o7/C_01_07_012.png"), 8, 8, 0x4080ff);
    Core50Folder folder = new Core50Folder(root);

    List<FrameKey> sequence = folder.sequence(1, 7);
    assertThat(sequence).containsExactly(new FrameKey(1, 7, 4), new FrameKey(1, 7, 12));
    ImageSet set = folder.images("two", sequence.reversed(), 8);
    assertThat(set.label(0)).isEqualTo(6);
    assertThat(set.classNames()).hasSize(50);
    assertThat(set.describe(1)).endsWith("C_01_07_004.png");
    assertThat(Images.read(set, 0)[7] & 255).isEqualTo(0x40);
    assertThat(Images.read(set, 1)[7] & 255).isEqualTo(0xff);
  }

  @Test
  void missingPartsAreNamed() {
    assertThatThrownBy(() -> new Core50Folder(root)).hasMessageContaining("core50_128x128.zip");
    Images.write(root.resolve("s1/o7/C_01_07_004.png"), 8, 8, 0);
    Core50Folder folder = new Core50Folder(root);
    assertThatThrownBy(() -> folder.images("x", List.of(new FrameKey(1, 7, 5)), 8))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("C_01_07_005.png");
    assertThatThrownBy(() -> folder.sequence(2, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("o3");
  }

  @Test
  void unpackedIntoASubfolder() {
    Images.write(root.resolve("core50_128x128/s1/o1/C_01_01_000.png"), 8, 8, 0);

    assertThat(new Core50Folder(root).sequence(1, 1)).hasSize(1);
  }

  @Test
  void pathsFollowTheDataSet() {
    assertThat(new FrameKey(3, 7, 42).path()).isEqualTo("s3/o7/C_03_07_042.png");
    assertThat(new FrameKey(11, 50, 299).path()).isEqualTo("s11/o50/C_11_50_299.png");
  }

  @Test
  void keysOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new FrameKey(0, 1, 0)).hasMessageContaining("session 0");
    assertThatThrownBy(() -> new FrameKey(12, 1, 0)).hasMessageContaining("session 12");
    assertThatThrownBy(() -> new FrameKey(1, 51, 0)).hasMessageContaining("object 51");
    assertThatThrownBy(() -> new FrameKey(1, 1, -1)).hasMessageContaining("frame -1");
  }
}
