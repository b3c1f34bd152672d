package dev.accrete.cl.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CutMixTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 12;
  private static final int WIDTH = 16;
  private static final int IMAGE = CHANNELS * HEIGHT * WIDTH;

  private final CutMix mix = new CutMix(CHANNELS, HEIGHT, WIDTH);

  @Test
  void theWindowIsOfTheOtherImageAndNothingElse() {
    byte[] other = new byte[IMAGE + 1];
    for (int at = 0; at < IMAGE; at++) {
      other[at + 1] = (byte) (at % 100);
    }
    byte[] image = new byte[IMAGE + 2];
    Arrays.fill(image, (byte) -1);
    CutMix.Window window = new CutMix.Window(3, 5, 4, 7);
    mix.paste(other, 1, window, image, 1);
    int pasted = 0;
    for (int at = 0; at < IMAGE; at++) {
      int row = at / WIDTH % HEIGHT;
      int column = at % WIDTH;
      boolean inside = row >= 3 && row < 7 && column >= 5 && column < 12;
      assertThat(image[at + 1]).isEqualTo(inside ? other[at + 1] : -1);
      pasted += inside ? 1 : 0;
    }
    assertThat(pasted).isEqualTo(CHANNELS * window.area());
    assertThat(image[0]).isEqualTo((byte) -1);
    assertThat(image[IMAGE + 1]).isEqualTo((byte) -1);
  }

  @Test
  void windowsLieInTheImageFromNoneOfItToAll() {
    Rng rng = Rng.of(1, 2);
    double[] areas = new double[4000];
    for (int i = 0; i < areas.length; i++) {
      CutMix.Window window = mix.draw(rng);
      assertThat(window.top()).isBetween(0, HEIGHT - window.height());
      assertThat(window.left()).isBetween(0, WIDTH - window.width());
      assertThat(window.height()).isNotNegative();
      assertThat(window.width()).isNotNegative();
      areas[i] = (double) window.area() / (HEIGHT * WIDTH);
    }
    Arrays.sort(areas);
    assertThat(areas[0]).isLessThan(0.01);
    assertThat(areas[areas.length - 1]).isGreaterThan(0.9);
    // Drawn for a share a, the part within the image is (s - s s / 4)^2 of it on average, s^2 = a:
    // 1/2 - 1/5 + 1/48 over all shares.
    assertThat(Arrays.stream(areas).average().orElseThrow()).isCloseTo(77.0 / 240, within(0.015));
  }

  @Test
  void theLabelFollowsTheArea() {
    Rng rng = Rng.of(3, 4);
    CutMix.Window quarter = new CutMix.Window(0, 0, HEIGHT / 2, WIDTH / 2);
    int taken = 0;
    for (int i = 0; i < 4000; i++) {
      taken += mix.takesLabel(quarter, rng) ? 1 : 0;
    }
    assertThat(taken).isBetween(900, 1100);
    assertThat(mix.takesLabel(new CutMix.Window(0, 0, HEIGHT, WIDTH), rng)).isTrue();
    assertThat(mix.takesLabel(new CutMix.Window(2, 2, 0, 5), rng)).isFalse();
  }
}
