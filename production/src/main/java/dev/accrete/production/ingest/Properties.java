package dev.accrete.production.ingest;

/**
 * What an image looks like in a few numbers, for blank images and for drift.
 *
 * @param brightness mean grey level, 0 to 255
 * @param contrast standard deviation of the grey levels
 * @param colour mean distance between a pixel's largest and smallest channel, 0 to 255
 * @param spread the largest standard deviation of a channel: near 0 for an image of one colour
 */
public record Properties(double brightness, double contrast, double colour, double spread) {
  /** The properties of planar RGB pixels. */
  public static Properties of(byte[] pixels, int size) {
    int plane = size * size;
    double[] sums = new double[3];
    double[] squares = new double[3];
    double grey = 0;
    double greySquares = 0;
    double colour = 0;
    for (int i = 0; i < plane; i++) {
      int red = pixels[i] & 0xFF;
      int green = pixels[plane + i] & 0xFF;
      int blue = pixels[2 * plane + i] & 0xFF;
      double level = 0.299 * red + 0.587 * green + 0.114 * blue;
      grey += level;
      greySquares += level * level;
      colour += Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue));
      int[] channels = {red, green, blue};
      for (int c = 0; c < channels.length; c++) {
        sums[c] += channels[c];
        squares[c] += (double) channels[c] * channels[c];
      }
    }
    double spread = 0;
    for (int c = 0; c < sums.length; c++) {
      spread = Math.max(spread, deviation(sums[c], squares[c], plane));
    }
    return new Properties(
        grey / plane, deviation(grey, greySquares, plane), colour / plane, spread);
  }

  private static double deviation(double sum, double squares, int count) {
    double mean = sum / count;
    return Math.sqrt(Math.max(0, squares / count - mean * mean));
  }
}
