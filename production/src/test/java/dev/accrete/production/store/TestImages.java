package dev.accrete.production.store;

import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Source;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Small pictures that are easy to tell apart, and days of them. */
public final class TestImages {
  public static final int SIDE = 16;

  private TestImages() {}

  public static Backend backend() {
    return Backends.create("vector", new BackendOptions(1));
  }

  public static StoreConfig config(String strategy) {
    return StoreConfig.of(LearnerConfig.of("small-cnn", SIDE, strategy).withSeed(5));
  }

  /** A PNG in a class's colours with a pattern of its own. */
  public static byte[] png(String label, int number) {
    Random random = new Random(label.hashCode() * 1_000_003L + number);
    int tint = label.hashCode() * 7919;
    BufferedImage image = new BufferedImage(18, 18, BufferedImage.TYPE_INT_RGB);
    int[] cells = random.ints(81, 0, 128).toArray();
    for (int p = 0; p < 324; p++) {
      int level = cells[p / 18 / 2 * 9 + p % 18 / 2];
      int red = Math.min(255, (tint >> 16 & 0x7F) + level);
      int green = Math.min(255, (tint >> 8 & 0x7F) + level);
      int blue = Math.min(255, (tint & 0x7F) + level);
      image.setRGB(p % 18, p / 18, red << 16 | green << 8 | blue);
    }
    return encoded(image);
  }

  /** A PNG of one colour. */
  public static byte[] blank(int colour) {
    BufferedImage image = new BufferedImage(18, 18, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < 324; p++) {
      image.setRGB(p % 18, p / 18, colour);
    }
    return encoded(image);
  }

  private static byte[] encoded(BufferedImage image) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("no writer of PNG");
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Images {@code from} to before {@code to} of each class. */
  public static List<Item> items(int from, int to, String... labels) {
    List<Item> items = new ArrayList<>();
    for (String label : labels) {
      for (int i = from; i < to; i++) {
        byte[] bytes = png(label, i);
        items.add(Item.of(label + "/" + i + ".png", label, () -> bytes));
      }
    }
    return items;
  }

  /** A day of such images. */
  public static Source day(String name, int from, int to, String... labels) {
    return Source.of(name, items(from, to, labels));
  }
}
