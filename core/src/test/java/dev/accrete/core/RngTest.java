package dev.accrete.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Positive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RngTest {
  /** The known answers of Random123 1.14 (tests/kat_vectors): counter, key, result. */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
  })
  void isPhilox(String counter, String key, String expected) {
    int[] c = words(counter);
    int[] k = words(key);
    int[] out = new int[4];
    Rng.philox(join(k[0], k[1]), join(c[2], c[3]), join(c[0], c[1]), out);
    assertThat(out).containsExactly(words(expected));
  }

  private static int[] words(String hex) {
    return Arrays.stream(hex.split(" ", -1))
        .mapToInt(w -> Integer.parseUnsignedInt(w, 16))
        .toArray();
  }

  private static long join(int low, int high) {
    return Integer.toUnsignedLong(low) | ((long) high << 32);
  }

  @Property(tries = 100)
  void resumesAnywhere(
      @ForAll long seed, @ForAll long stream, @ForAll @IntRange(max = 50) int drawn) {
    Rng whole = Rng.of(seed, stream);
    for (int i = 0; i < drawn; i++) {
      whole.nextInt();
    }
    Rng resumed = Rng.at(whole.seed(), whole.stream(), whole.position());
    for (int i = 0; i < 9; i++) {
      int word = whole.nextInt();
      assertThat(resumed.nextInt()).isEqualTo(word);
      assertThat(Rng.wordAt(seed, stream, drawn + i)).isEqualTo(word);
    }
  }

  @Property(tries = 100)
  void reachesFarPositions(
      @ForAll long seed, @ForAll @LongRange(min = 0, max = Long.MAX_VALUE - 8) long position) {
    assertThat(Rng.at(seed, 3, position).nextInt()).isEqualTo(Rng.wordAt(seed, 3, position));
  }

  @Property(tries = 50)
  void streamsAndSeedsDiffer(@ForAll long seed, @ForAll long stream) {
    long[] first = draw(Rng.of(seed, stream));
    assertThat(draw(Rng.of(seed, stream))).containsExactly(first);
    assertThat(Arrays.equals(draw(Rng.of(seed, stream + 1)), first)).isFalse();
    assertThat(Arrays.equals(draw(Rng.of(seed + 1, stream)), first)).isFalse();
  }

  private static long[] draw(Rng rng) {
    return IntStream.range(0, 4).mapToLong(i -> rng.nextInt()).toArray();
  }

  @Property(tries = 100)
  void boundedDrawsStayWithinTheirBound(@ForAll long seed, @ForAll @Positive int bound) {
    Rng rng = Rng.of(seed, 0);
    for (int i = 0; i < 20; i++) {
      assertThat(rng.nextInt(bound)).isBetween(0, bound - 1);
      assertThat(rng.nextFloat()).isGreaterThanOrEqualTo(0).isLessThan(1);
      assertThat(rng.nextDouble()).isGreaterThanOrEqualTo(0).isLessThan(1);
    }
  }

  @Property(tries = 50)
  void shufflesAreOrdersOfTheSameNumbers(
      @ForAll long seed, @ForAll @IntRange(max = 200) int length) {
    int[] order = Rng.of(seed, 0).permutation(length);
    Arrays.sort(order);
    assertThat(order).containsExactly(IntStream.range(0, length).toArray());
  }

  /** With p the chance of a value, counts lie within five deviations sqrt(n p (1 - p)). */
  @Test
  void boundedDrawsAreUniform() {
    int draws = 30_000;
    int[] counts = new int[3];
    Rng rng = Rng.of(1, 2);
    for (int i = 0; i < draws; i++) {
      counts[rng.nextInt(3)]++;
    }
    int allowed = (int) (5 * Math.sqrt(draws * 2.0 / 9));
    for (int count : counts) {
      assertThat(count).isCloseTo(draws / 3, within(allowed));
    }
  }

  @Test
  void firstPlaceOfAShuffleIsUniform() {
    int draws = 24_000;
    int[] counts = new int[4];
    Rng rng = Rng.of(5, 6);
    for (int i = 0; i < draws; i++) {
      counts[rng.permutation(4)[0]]++;
    }
    int allowed = (int) (5 * Math.sqrt(draws * 3.0 / 16));
    for (int count : counts) {
      assertThat(count).isCloseTo(draws / 4, within(allowed));
    }
  }

  @Test
  void momentsOfUniformAndNormalVariates() {
    int draws = 40_000;
    Rng rng = Rng.of(3, 4);
    double uniform = 0;
    double normal = 0;
    double square = 0;
    double fourth = 0;
    for (int i = 0; i < draws; i++) {
      uniform += rng.nextDouble();
      double z = rng.nextGaussian();
      normal += z;
      square += z * z;
      fourth += z * z * z * z;
    }
    // Five standard errors of each mean.
    double error = 5 / Math.sqrt(draws);
    assertThat(uniform / draws).isCloseTo(0.5, within(error * Math.sqrt(1.0 / 12)));
    assertThat(normal / draws).isCloseTo(0, within(error));
    assertThat(square / draws).isCloseTo(1, within(error * Math.sqrt(2)));
    assertThat(fourth / draws).isCloseTo(3, within(error * Math.sqrt(96)));
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> Rng.of(0, 0).nextInt(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bound is 0");
    assertThatThrownBy(() -> Rng.at(0, 0, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("position is -1");
  }
}
