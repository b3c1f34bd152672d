package dev.accrete.production.daily;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Source;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/** A day of a simulation: images of a set, encoded, with the labels that they arrive with. */
final class Delivery {
  /** A class is declared by its first image. */
  static final IngestOptions OPTIONS = IngestOptions.defaults().withNewClasses();

  private static final String SUFFIX = ".png";
  private static final int PLANES = 3;

  private final String name;
  private final ImageSet images;
  private final Map<Integer, Integer> labels = new LinkedHashMap<>();

  /**
   * A day without images.
   *
   * @param images knows the true labels
   */
  Delivery(String name, ImageSet images) {
    this.name = name;
    this.images = images;
  }

  String name() {
    return name;
  }

  /** Adds an image; one that is there already keeps its label. */
  void put(int index, int label) {
    labels.putIfAbsent(index, label);
  }

  /**
   * Gives an image its true label.
   *
   * @param file its name in {@link #source()}
   * @return whether it had another
   */
  boolean correct(String file) {
    int index = Integer.parseInt(file.substring(0, file.length() - SUFFIX.length()));
    int truth = images.label(index);
    Integer before = labels.replace(index, truth);
    if (before == null) {
      throw new IllegalArgumentException(file + " is not of " + name);
    }
    return before != truth;
  }

  /** The day as a store takes it in, with the labels as they are now. */
  Source source() {
    List<Item> items = new ArrayList<>();
    labels.forEach(
        (index, label) ->
            items.add(Item.of(file(index), images.classNames().get(label), () -> png(index))));
    return Source.of(name, items);
  }

  /** Writes the day as a folder of class folders. */
  void write(Path inbox) throws IOException {
    for (Map.Entry<Integer, Integer> image : labels.entrySet()) {
      Path folder = inbox.resolve(name).resolve(images.classNames().get(image.getValue()));
      Files.createDirectories(folder);
      Files.write(folder.resolve(file(image.getKey())), png(image.getKey()));
    }
  }

  private static String file(int index) {
    return String.format(Locale.ROOT, "%06d%s", index, SUFFIX);
  }

  private byte[] png(int index) throws IOException {
    int side = images.width();
    int plane = side * images.height();
    byte[] planes = new byte[PLANES * plane];
    images.read(index, planes, 0);
    BufferedImage image = new BufferedImage(side, images.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < plane; i++) {
      int red = planes[i] & 0xFF;
      int green = planes[plane + i] & 0xFF;
      int blue = planes[2 * plane + i] & 0xFF;
      int rgb = (red << 16) | (green << 8) | blue;
      image.setRGB(i % side, i / side, rgb);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
