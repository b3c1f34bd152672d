package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path root;

  @BeforeEach
  void valid() throws IOException {
    Files.write(root.resolve("train-images-idx3-ubyte"), images(3, 2, 2));
    Files.write(root.resolve("train-labels-idx1-ubyte"), labels(2, 0, 1));
    gzip("t10k-images-idx3-ubyte.gz", images(2, 2, 2));
    gzip("t10k-labels-idx1-ubyte.gz", labels(1, 2));
  }

  @Test
  void readsPlainAndGzippedFiles() {
    ImageSet train = Idx.train(root, 2);
    ImageSet test = Idx.test(root, 2);

    assertThat(train.size()).isEqualTo(3);
    assertThat(train.label(0)).isEqualTo(2);
    assertThat(train.classNames()).containsExactly("0", "1", "2");
    assertThat(Images.read(train, 1)).containsExactly(4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
    assertThat(test.size()).isEqualTo(2);
    assertThat(test.label(1)).isEqualTo(2);
    assertThat(test.classNames()).isEqualTo(train.classNames());
    assertThat(Idx.train(root, 5).width()).isEqualTo(5);
  }

  @Test
  void truncationIsAnError() throws IOException {
    Images.truncate(root.resolve("train-images-idx3-ubyte"), 20);
    assertThatThrownBy(() -> Idx.train(root, 2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("promises 12 bytes of data but has 4");
    Images.truncate(root.resolve("train-images-idx3-ubyte"), 9);
    assertThatThrownBy(() -> Idx.train(root, 2)).hasMessageContaining("within its header");
    Images.truncate(root.resolve("t10k-labels-idx1-ubyte.gz"), 14);
    assertThatThrownBy(() -> Idx.test(root, 2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("t10k-labels-idx1-ubyte.gz");
  }

  @Test
  void headersThatLieAllocateNothing() throws IOException {
    Files.write(root.resolve("train-images-idx3-ubyte"), header(0x803, 1 << 20, 20, 20));
    assertThatThrownBy(() -> Idx.train(root, 2)).hasMessageContaining("has 0");
    Files.write(root.resolve("train-images-idx3-ubyte"), header(0x803, 1 << 30, 4000, 4000));
    assertThatThrownBy(() -> Idx.train(root, 2)).hasMessageContaining("it claims");
    Files.write(root.resolve("train-images-idx3-ubyte"), header(0x803, -1, 2, 2));
    assertThatThrownBy(() -> Idx.train(root, 2)).hasMessageContaining("dimension 0 is -1");
    Files.write(root.resolve("train-images-idx3-ubyte"), header(0x801, 3, 2, 2));
    assertThatThrownBy(() -> Idx.train(root, 2)).hasMessageContaining("0x801");
  }

  @Test
  void disagreementsAreErrors() throws IOException {
    Files.write(root.resolve("train-labels-idx1-ubyte"), labels(0, 1));
    assertThatThrownBy(() -> Idx.train(root, 2)).hasMessageContaining("3 images, but there are 2");
    assertThatThrownBy(() -> Idx.test(root, 2)).hasMessageContaining("label 2 of image 1");
    Files.delete(root.resolve("train-labels-idx1-ubyte"));
    assertThatThrownBy(() -> Idx.train(root, 2)).hasMessageContaining("dataset-fashion-mnist");
  }

  @Test
  void surplusBytesAreAnError() throws IOException {
    Files.write(
        root.resolve("train-images-idx3-ubyte"),
        new byte[1],
        java.nio.file.StandardOpenOption.APPEND);

    assertThatThrownBy(() -> Idx.train(root, 2)).hasMessageContaining("more in it");
  }

  private void gzip(String name, byte[] bytes) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(root.resolve(name)))) {
      out.write(bytes);
    }
  }

  private static byte[] images(int count, int height, int width) {
    byte[] header = header(0x803, count, height, width);
    byte[] bytes = java.util.Arrays.copyOf(header, header.length + count * height * width);
    for (int i = header.length; i < bytes.length; i++) {
      bytes[i] = (byte) (i - header.length);
    }
    return bytes;
  }

  private static byte[] labels(int... labels) {
    byte[] header = header(0x801, labels.length);
    byte[] bytes = java.util.Arrays.copyOf(header, header.length + labels.length);
    for (int i = 0; i < labels.length; i++) {
      bytes[header.length + i] = (byte) labels[i];
    }
    return bytes;
  }

  private static byte[] header(int... numbers) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      buffer.putInt(number);
    }
    return buffer.array();
  }
}
