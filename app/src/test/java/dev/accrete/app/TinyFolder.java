package dev.accrete.app;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** An image folder of two classes. */
final class TinyFolder {
  private TinyFolder() {}

  static Path create(Path root) throws IOException {
    return create(root, 0);
  }

  /** Other images for another shade. */
  static Path create(Path root, int shade) throws IOException {
    for (String split : new String[] {"train", "test"}) {
      for (int label = 0; label < 2; label++) {
        Path folder = Files.createDirectories(root.resolve(split).resolve("class" + label));
        for (int i = 0; i < 6; i++) {
          BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
          for (int p = 0; p < 64; p++) {
            image.setRGB(
                p % 8, p / 8, (label == 0 ? 0xC02010 + 7 * i + p : 0x1020C0 - 7 * i - p) + shade);
          }
          ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
      }
    }
    return root;
  }
}
