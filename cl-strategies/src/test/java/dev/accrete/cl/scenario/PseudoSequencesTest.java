package dev.accrete.cl.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.core.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PseudoSequencesTest {
  private static final int SIDE = 16;

  /** Two classes; each image is a flat colour, one of four, with a little noise. */
  private static ImageSet fourColours(int perColour) {
    int images = 2 * 4 * perColour;
    Rng rng = Rng.of(1, 1);
    int[] labels = new int[images];
    byte[] pixels = new byte[3 * SIDE * SIDE * images];
    for (int i = 0; i < images; i++) {
      labels[i] = i / 4 % 2;
      for (int p = 0; p < 3 * SIDE * SIDE; p++) {
        int plane = p / (SIDE * SIDE);
        int base = colour(i) == plane ? 220 : 30;
        pixels[i * 3 * SIDE * SIDE + p] = (byte) (base + rng.nextInt(20));
      }
    }
    return new InMemoryImageSet("colours", SIDE, SIDE, List.of("a", "b"), labels, pixels);
  }

  /** 0..2 is the bright plane, 3 is dark. */
  private static int colour(int image) {
    return image % 4;
  }

  @Example
  void imagesOfOneSequenceLookAlike() {
    ImageSet set = fourColours(25);
    PseudoSequences sequences = PseudoSequences.of(set, 8);

    assertThat(sequences.size()).isEqualTo(8);
    for (int s = 0; s < sequences.size(); s++) {
      int label = sequences.label(s);
      int[] images = sequences.images(s);
      assertThat(Arrays.stream(images)).hasSize(25).allMatch(i -> set.label(i) == label);
      assertThat(Arrays.stream(images).map(PseudoSequencesTest::colour).distinct()).hasSize(1);
    }
  }

  @Property(tries = 50)
  void clustersAreBalancedAndComplete(
      @ForAll @IntRange(min = 1, max = 200) int points,
      @ForAll @IntRange(min = 1, max = 40) int k) {
    Rng rng = Rng.of(points, k);
    float[][] features = new float[points][5];
    for (float[] feature : features) {
      for (int i = 0; i < feature.length; i++) {
        feature[i] = rng.nextFloat();
      }
    }
    int clusters = Math.min(k, points);
    int[] cluster = BalancedClusters.assign(features, clusters, Rng.of(9, 9));

    int[] sizes = new int[clusters];
    Arrays.stream(cluster).forEach(c -> sizes[c]++);
    assertThat(Arrays.stream(sizes).max().orElseThrow() - Arrays.stream(sizes).min().orElseThrow())
        .isLessThanOrEqualTo(1);
    assertThat(BalancedClusters.assign(features, clusters, Rng.of(9, 9))).isEqualTo(cluster);
  }

  @Example
  void equalPointsAreStillCutEvenly() {
    int[] cluster = BalancedClusters.assign(new float[10][3], 5, Rng.of(1, 1));
    for (int c = 0; c < 5; c++) {
      int wanted = c;
      assertThat(Arrays.stream(cluster).filter(k -> k == wanted)).hasSize(2);
    }
  }

  @Example
  void classesGetTheirShareAndAtLeastOne() {
    int[] labels = IntStream.range(0, 101).map(i -> i == 0 ? 2 : i % 4 == 0 ? 1 : 0).toArray();
    ImageSet set =
        new InMemoryImageSet(
            "skewed", 1, 1, List.of("a", "b", "c", "d"), labels, new byte[3 * labels.length]);
    PseudoSequences sequences = PseudoSequences.of(set, 40);

    int[] perClass = new int[4];
    IntStream.range(0, sequences.size()).forEach(s -> perClass[sequences.label(s)]++);
    assertThat(perClass).containsExactly(30, 10, 1, 0);
    assertThat(sequences.classesWithImages()).containsExactly(0, 1, 2);
    assertThat(sequences.classes()).isEqualTo(4);
  }

  @Example
  void noTargetAndNoImagesAreRefused() {
    ImageSet empty = new InMemoryImageSet("empty", 1, 1, List.of("a"), new int[0], new byte[0]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PseudoSequences.of(empty))
        .withMessageContaining("empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PseudoSequences.of(fourColours(1), 0))
        .withMessageContaining("0 sequences");
  }

  @Example
  void poolingAveragesCells() {
    byte[] pixels = new byte[3 * 16 * 16];
    pixels[0] = (byte) 255; // one of the four pixels of the first cell of the red plane
    pixels[2 * 256 + 255] = (byte) 200; // the last cell of the blue plane
    ImageSet set = new InMemoryImageSet("one", 16, 16, List.of("a"), new int[1], pixels);

    float[] features = ColourFeatures.of(set, new int[] {0})[0];

    assertThat(features).hasSize(192);
    assertThat(features[0]).isEqualTo(63.75f);
    assertThat(features[191]).isEqualTo(50f);
    assertThat(features[1]).isZero();
  }
}
