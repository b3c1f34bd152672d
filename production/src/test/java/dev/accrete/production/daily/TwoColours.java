package dev.accrete.production.daily;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.production.store.TestImages;
import java.util.List;
import java.util.Random;

/** Images with patterns of their own, the even ones red and the odd ones blue. */
record TwoColours(List<String> classNames, int size) implements ImageSet {
  private static final int PLANE = TestImages.SIDE * TestImages.SIDE;

  @Override
  public String name() {
    return "two colours";
  }

  @Override
  public String describe(int index) {
    return "image " + index;
  }

  @Override
  public String fingerprint() {
    return "two colours " + size;
  }

  @Override
  public int channels() {
    return 3;
  }

  @Override
  public int height() {
    return TestImages.SIDE;
  }

  @Override
  public int width() {
    return TestImages.SIDE;
  }

  @Override
  public int label(int index) {
    return index % 2;
  }

  @Override
  public void read(int index, byte[] destination, int offset) {
    Random random = new Random(index);
    for (int plane = 0; plane < 3; plane++) {
      int tint = plane == 2 * label(index) ? 120 : 0;
      for (int i = 0; i < PLANE; i++) {
        destination[offset + plane * PLANE + i] = (byte) (tint + random.nextInt(120));
      }
    }
  }
}
