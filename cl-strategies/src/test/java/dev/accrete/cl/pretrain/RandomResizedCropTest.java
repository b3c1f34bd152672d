package dev.accrete.cl.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomResizedCropTest {
  private static final int HEIGHT = 12;
  private static final int WIDTH = 16;
  private static final int IMAGE = 2 * HEIGHT * WIDTH;
  private static final byte GUARD = 77;

  private final RandomResizedCrop crop = new RandomResizedCrop(2, HEIGHT, WIDTH);

  @Test
  void theWholeImageStaysAsItIs() {
    byte[] image = noise();
    assertThat(apply(image, new RandomResizedCrop.Window(0, 0, HEIGHT, WIDTH))).isEqualTo(image);
  }

  @Test
  void aSlopeStaysOne() {
    byte[] slope = new byte[IMAGE];
    for (int at = 0; at < IMAGE; at++) {
      slope[at] = (byte) (10 * (at / WIDTH % HEIGHT) + 5 * (at % WIDTH));
    }
    byte[] half = apply(slope, new RandomResizedCrop.Window(3, 4, HEIGHT / 2.0, WIDTH / 2.0));
    for (int at = 0; at < IMAGE; at++) {
      double y = 3 + (at / WIDTH % HEIGHT + 0.5) / 2 - 0.5;
      double x = 4 + (at % WIDTH + 0.5) / 2 - 0.5;
      assertThat((half[at] & 0xFF) - (10 * y + 5 * x)).isBetween(-0.5, 0.5);
    }
  }

  @Test
  void windowsLieInTheImageAndKeepWhatTheyMust() {
    Rng rng = Rng.of(1, 2);
    double[] areas = new double[2000];
    for (int i = 0; i < areas.length; i++) {
      RandomResizedCrop.Window window = crop.draw(rng, 0.25);
      assertThat(window.top()).isBetween(0.0, HEIGHT - window.height());
      assertThat(window.left()).isBetween(0.0, WIDTH - window.width());
      areas[i] = window.height() * window.width() / (HEIGHT * WIDTH);
    }
    Arrays.sort(areas);
    assertThat(areas[0]).isBetween(0.25, 0.27);
    assertThat(areas[areas.length - 1]).isBetween(0.9, 1.0);
    assertThat(areas[areas.length / 2]).isBetween(0.5, 0.65);
  }

  @Test
  void oneLineAndOneColumnAreImagesToo() {
    RandomResizedCrop thin = new RandomResizedCrop(1, 1, 5);
    byte[] out = new byte[5];
    thin.apply(new byte[] {10, 20, 30, 40, 50}, 0, thin.draw(Rng.of(3, 4), 0.5), out, 0);
    assertThat(out).isSorted();
    RandomResizedCrop high = new RandomResizedCrop(1, 5, 1);
    high.apply(new byte[] {10, 20, 30, 40, 50}, 0, high.draw(Rng.of(3, 4), 0.5), out, 0);
    assertThat(out).isSorted();
  }

  private byte[] apply(byte[] image, RandomResizedCrop.Window window) {
    byte[] from = new byte[IMAGE + 2];
    System.arraycopy(image, 0, from, 1, IMAGE);
    byte[] to = new byte[IMAGE + 2];
    Arrays.fill(to, GUARD);
    crop.apply(from, 1, window, to, 1);
    assertThat(to[0]).isEqualTo(GUARD);
    assertThat(to[IMAGE + 1]).isEqualTo(GUARD);
    return Arrays.copyOfRange(to, 1, IMAGE + 1);
  }

  private static byte[] noise() {
    byte[] image = new byte[IMAGE];
    Rng rng = Rng.of(5, 6);
    for (int at = 0; at < IMAGE; at++) {
      image[at] = (byte) rng.nextInt(256);
    }
    return image;
  }
}
