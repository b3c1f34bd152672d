package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSetTest {
  @Test
  void subsetsSelectReorderAndRepeat() {
    ImageSet source = Images.memory(6, 3);
    ImageSet subset = source.subset(new int[] {5, 0, 5});

    assertThat(subset.size()).isEqualTo(3);
    assertThat(subset.label(0)).isEqualTo(1);
    assertThat(Images.read(subset, 2)).isEqualTo(Images.read(source, 5));
    assertThat(subset.describe(1)).isEqualTo(source.describe(0));
    assertThat(subset.fingerprint())
        .isEqualTo(source.subset(new int[] {5, 0, 5}).fingerprint())
        .isNotEqualTo(source.subset(new int[] {5, 5, 0}).fingerprint())
        .isNotEqualTo(source.fingerprint());
    assertThatThrownBy(() -> source.subset(new int[] {6}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void memorySetsCopyWhatTheyAreGiven() {
    byte[] pixels = new byte[3];
    int[] labels = {0};
    ImageSet set = new InMemoryImageSet("one", 1, 1, List.of("a"), labels, pixels);
    pixels[0] = 9;
    labels[0] = 1;

    assertThat(Images.read(set, 0)).containsExactly(0, 0, 0);
    assertThat(set.label(0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, ImageSet.MAX_SIDE + 1, 100_000})
  void sizesHaveABound(int size) {
    assertThatThrownBy(
            () -> new InMemoryImageSet("x", size, size, List.of("a"), new int[0], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(size + "x" + size + " is not in 1..8192");
  }

  @Test
  void memorySetsCheckTheirSizes() {
    assertThatThrownBy(
            () -> new InMemoryImageSet("x", 2, 2, List.of("a"), new int[] {0}, new byte[11]))
        .hasMessageContaining("12 bytes");
    assertThatThrownBy(
            () -> new InMemoryImageSet("x", 1, 1, List.of("a"), new int[] {1}, new byte[3]))
        .hasMessageContaining("label 1 of image 0");
  }

  @Test
  void readingOutsideFails() {
    ImageSet set = Images.memory(2, 2);

    assertThatThrownBy(() -> set.read(2, new byte[12], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> set.read(0, new byte[12], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
