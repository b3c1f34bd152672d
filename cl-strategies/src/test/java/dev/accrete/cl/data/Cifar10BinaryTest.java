package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10BinaryTest {
  private static final int RECORD = 3073;

  @TempDir Path root;

  @Test
  void readsBatchesInOrder() throws IOException {
    Files.write(root.resolve("data_batch_2.bin"), records(5, 6));
    Files.write(root.resolve("data_batch_1.bin"), records(9, 0, 3));
    for (int batch = 3; batch <= 5; batch++) {
      Files.write(root.resolve("data_batch_" + batch + ".bin"), records(batch));
    }
    ImageSet train = Cifar10Binary.train(root, 32);

    assertThat(train.size()).isEqualTo(8);
    assertThat(train.label(0)).isEqualTo(9);
    assertThat(train.label(4)).isEqualTo(6);
    assertThat(train.classNames().get(9)).isEqualTo("truck");
    assertThat(train.describe(3)).endsWith("data_batch_2.bin, image 0");
    byte[] record = records(6);
    assertThat(Images.read(train, 4)).isEqualTo(Arrays.copyOfRange(record, 1, RECORD));
    assertThat(Cifar10Binary.train(root, 64).height()).isEqualTo(64);
  }

  @Test
  void truncatedFilesAreErrors() throws IOException {
    Files.write(root.resolve("test_batch.bin"), Arrays.copyOf(records(1, 2), 2 * RECORD - 1));

    assertThatThrownBy(() -> Cifar10Binary.test(root, 32))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("test_batch.bin")
        .hasMessageContaining("length 6145");
  }

  @Test
  void labelsOutOfRangeAreErrors() throws IOException {
    Files.write(root.resolve("test_batch.bin"), records(1, 10));

    assertThatThrownBy(() -> Cifar10Binary.test(root, 32))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("label 10 of image 1");
  }

  @Test
  void missingFilesAreErrors() {
    assertThatThrownBy(() -> Cifar10Binary.train(root, 32)).hasMessageContaining("data_batch_1");
    assertThatThrownBy(() -> Cifar10Binary.test(root, 32)).hasMessageContaining("test_batch.bin");
  }

  @Test
  void aMissingBatchIsNotPassedOver() throws IOException {
    for (int batch : new int[] {1, 2, 4}) {
      Files.write(root.resolve("data_batch_" + batch + ".bin"), records(batch));
    }

    assertThatThrownBy(() -> Cifar10Binary.train(root, 32))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no data_batch_3.bin, data_batch_5.bin;")
        .hasMessageContaining("cifar-10-binary.tar.gz");
  }

  private static byte[] records(int... labels) {
    byte[] bytes = new byte[labels.length * RECORD];
    for (int i = 0; i < labels.length; i++) {
      Arrays.fill(bytes, i * RECORD, (i + 1) * RECORD, (byte) (11 * labels[i]));
      bytes[i * RECORD] = (byte) labels[i];
      bytes[i * RECORD + 5] = 1;
    }
    return bytes;
  }
}
