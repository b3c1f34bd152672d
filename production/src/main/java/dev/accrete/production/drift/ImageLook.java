package dev.accrete.production.drift;

import java.util.List;

/**
 * What an image looks like in a few numbers.
 *
 * @param brightness mean of the grey levels, 0 to 1
 * @param contrast their standard deviation
 * @param saturation mean saturation of the pixels (HSV), 0 to 1
 * @param sharpness standard deviation of the Laplacian of the grey levels: low for blurred images
 * @param size pixels of the image as it was received; NaN if not known
 * @param aspect its width by its height; NaN if not known
 */
public record ImageLook(
    double brightness,
    double contrast,
    double saturation,
    double sharpness,
    double size,
    double aspect) {
  /** The names of the numbers, in their order. */
  public static final List<String> NAMES =
      List.of("brightness", "contrast", "saturation", "sharpness", "size", "aspect");

  private static final double LEVELS = 255;

  /** The numbers in the order of their names. */
  public double[] values() {
    return new double[] {brightness, contrast, saturation, sharpness, size, aspect};
  }

  /**
   * Looks at an image of unknown origin.
   *
   * @param pixels u8 planar [3, side, side], red first
   */
  public static ImageLook of(byte[] pixels, int side) {
    int plane = side * side;
    double[] grey = new double[plane];
    double saturation = 0;
    for (int i = 0; i < plane; i++) {
      int red = Byte.toUnsignedInt(pixels[i]);
      int green = Byte.toUnsignedInt(pixels[plane + i]);
      int blue = Byte.toUnsignedInt(pixels[2 * plane + i]);
      int most = Math.max(red, Math.max(green, blue));
      int least = Math.min(red, Math.min(green, blue));
      saturation += most == 0 ? 0 : (double) (most - least) / most;
      grey[i] = (0.299 * red + 0.587 * green + 0.114 * blue) / LEVELS;
    }
    Moments levels = new Moments();
    Moments edges = new Moments();
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int at = y * side + x;
        levels.add(grey[at]);
        if (y > 0 && y < side - 1 && x > 0 && x < side - 1) {
          edges.add(grey[at - 1] + grey[at + 1] + grey[at - side] + grey[at + side] - 4 * grey[at]);
        }
      }
    }
    return new ImageLook(
        levels.mean(),
        levels.deviation(),
        saturation / plane,
        edges.deviation(),
        Double.NaN,
        Double.NaN);
  }

  /** The same image, received as one of this width and height in pixels. */
  public ImageLook of(int width, int height) {
    return new ImageLook(
        brightness,
        contrast,
        saturation,
        sharpness,
        (double) width * height,
        (double) width / height);
  }

  /** Mean and deviation of numbers as they come (Welford 1962). */
  private static final class Moments {
    private int count;
    private double mean;
    private double scatter;

    void add(double value) {
      count++;
      double gap = value - mean;
      mean += gap / count;
      scatter += gap * (value - mean);
    }

    double mean() {
      return mean;
    }

    double deviation() {
      return count == 0 ? 0 : Math.sqrt(scatter / count);
    }
  }
}
