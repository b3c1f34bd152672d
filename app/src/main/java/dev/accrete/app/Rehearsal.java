package dev.accrete.app;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * What commands usually do, once through: while a JVM runs it with {@code -XX:AOTCacheOutput} it
 * records the classes that were loaded and the profiles of their code, with which later JVMs start.
 * The script {@code accrete} has it done after a build.
 */
final class Rehearsal {
  private static final int SIZE = 64;
  private static final int IMAGES = 32;
  private static final int PREDICTIONS = 4;

  private Rehearsal() {}

  /**
   * Learns two classes of noise and predicts one.
   *
   * @param args a folder that is there, for images and a learner
   */
  public static void main(String[] args) throws IOException {
    System.setProperty("java.awt.headless", "true");
    Path folder = Path.of(args[0]);
    Path images = folder.resolve("images");
    Path learner = folder.resolve("learner");
    String first = "";
    for (String label : List.of("dark", "light")) {
      for (int i = 0; i < IMAGES; i++) {
        first = draw(images.resolve(label).resolve(i + ".jpg"), label.equals("light"), i);
      }
    }
    perform("info");
    perform("learn", "--data=images:" + images, learner.toString());
    String model = learner.resolve("model.safetensors").toString();
    for (int i = 0; i < PREDICTIONS; i++) {
      perform("predict", "--model", model, first);
    }
    System.exit(0);
  }

  private static void perform(String... command) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = Main.execute(nowhere, err, command);
    if (status != 0) {
      System.exit(status);
    }
  }

  private static String draw(Path file, boolean light, int seed) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIZE * SIZE; i++) {
      int shade = random.nextInt(0x7F7F7F) & 0x7F7F7F;
      image.setRGB(i % SIZE, i / SIZE, light ? shade | 0x808080 : shade);
    }
    ImageIO.write(image, "jpg", file.toFile());
    return file.toString();
  }
}
