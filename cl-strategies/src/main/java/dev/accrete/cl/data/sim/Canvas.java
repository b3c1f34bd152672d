package dev.accrete.cl.data.sim;

/**
 * A small painting, in gamma-encoded colour, for labels and backgrounds. Coordinates run from 0 to
 * 1, x to the right and y UP; x wraps around, as labels do around a can.
 */
final class Canvas {
  /** What is inside a painted shape, and how much of it (0..1) to mix in. */
  private interface Coverage {
    double at(double x, double y);
  }

  private final int width;
  private final int height;
  private float[] rgb;

  Canvas(int width, int height, int colour) {
    this.width = width;
    this.height = height;
    this.rgb = new float[3 * width * height];
    rect(0, 0, 1, 1, colour);
  }

  Canvas rect(double x0, double y0, double x1, double y1, int colour) {
    return paint(x0, y0, x1, y1, colour, (x, y) -> 1);
  }

  /** A rectangle with a darker lower and a lighter upper edge: a button. */
  Canvas button(double cx, double cy, double w, double h, int colour) {
    double edge = Math.min(w, h) * 0.22;
    roundRect(cx - w / 2, cy - h / 2 - edge, cx + w / 2, cy + h / 2, scale(colour, 0.45));
    return roundRect(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, colour);
  }

  Canvas roundRect(double x0, double y0, double x1, double y1, int colour) {
    double radius = 0.3 * Math.min((x1 - x0) * width, (y1 - y0) * height);
    return paint(
        x0,
        y0,
        x1,
        y1,
        colour,
        (x, y) -> {
          double dx = radius - Math.min(x - x0, x1 - x) * width;
          double dy = radius - Math.min(y - y0, y1 - y) * height;
          return dx > 0 && dy > 0 && dx * dx + dy * dy > radius * radius ? 0 : 1;
        });
  }

  Canvas disc(double cx, double cy, double rx, double ry, int colour) {
    return ring(cx, cy, rx, ry, 0, colour);
  }

  /** An elliptic ring whose hole has {@code hole} (0..1) of the outer radius. */
  Canvas ring(double cx, double cy, double rx, double ry, double hole, int colour) {
    return paint(
        cx - rx,
        cy - ry,
        cx + rx,
        cy + ry,
        colour,
        (x, y) -> {
          double dx = (x - cx) / rx;
          double dy = (y - cy) / ry;
          double d = dx * dx + dy * dy;
          return d <= 1 && d >= hole * hole ? 1 : 0;
        });
  }

  /** A straight stroke; {@code thickness} is in units of the canvas height. */
  Canvas line(double x0, double y0, double x1, double y1, double thickness, int colour) {
    double aspect = (double) width / height;
    double half = thickness / 2;
    double dx = (x1 - x0) * aspect;
    double dy = y1 - y0;
    double length2 = dx * dx + dy * dy + 1e-12;
    double pad = half / aspect;
    return paint(
        Math.min(x0, x1) - pad,
        Math.min(y0, y1) - half,
        Math.max(x0, x1) + pad,
        Math.max(y0, y1) + half,
        colour,
        (x, y) -> {
          double px = (x - x0) * aspect;
          double py = y - y0;
          double t = Math.clamp((px * dx + py * dy) / length2, 0, 1);
          double ex = px - t * dx;
          double ey = py - t * dy;
          return ex * ex + ey * ey <= half * half ? 1 : 0;
        });
  }

  /** A filled polygon given as x0, y0, x1, y1, ... (even-odd rule). */
  Canvas polygon(int colour, double... points) {
    double minX = points[0];
    double maxX = points[0];
    double minY = points[1];
    double maxY = points[1];
    for (int i = 0; i < points.length; i += 2) {
      minX = Math.min(minX, points[i]);
      maxX = Math.max(maxX, points[i]);
      minY = Math.min(minY, points[i + 1]);
      maxY = Math.max(maxY, points[i + 1]);
    }
    return paint(minX, minY, maxX, maxY, colour, (x, y) -> inside(points, x, y) ? 1 : 0);
  }

  /** From {@code bottom} to {@code top} over the rows y0..y1. */
  Canvas gradient(double y0, double y1, int bottom, int top) {
    int rows = (int) Math.ceil((y1 - y0) * height);
    for (int i = 0; i < rows; i++) {
      double t = (i + 0.5) / rows;
      double y = y0 + i / (double) height;
      rect(0, y, 1, y + 1.0 / height, blend(bottom, top, t));
    }
    return this;
  }

  /** Varies the brightness by fractal noise, {@code amount} up and down. */
  Canvas noise(long seed, double scaleX, double scaleY, int octaves, double amount) {
    return noise(seed, 0, 1, scaleX, scaleY, octaves, amount);
  }

  /** The same, on the rows y0..y1 alone. */
  Canvas noise(
      long seed, double y0, double y1, double scaleX, double scaleY, int octaves, double amount) {
    for (int j = row(y0); j < row(y1); j++) {
      for (int i = 0; i < width; i++) {
        double x = (i + 0.5) / width * scaleX;
        double y = (j + 0.5) / height * scaleY;
        double gain = 1 + amount * (2 * Noise.fractal(seed, x, y, octaves) - 1) * 2;
        for (int c = 0; c < 3; c++) {
          int k = 3 * (j * width + i) + c;
          rgb[k] = (float) Math.clamp(rgb[k] * gain, 0, 1);
        }
      }
    }
    return this;
  }

  /** Mixes in another colour where fractal noise exceeds {@code threshold}: stains, foliage. */
  Canvas blotches(
      long seed, double y0, double y1, double scaleX, double scaleY, double threshold, int colour) {
    return paint(
        0,
        y0,
        1,
        y1,
        colour,
        (x, y) ->
            Math.clamp((Noise.fractal(seed, x * scaleX, y * scaleY, 3) - threshold) * 8, 0, 1));
  }

  /** A line of {@code count} invented letters, {@code h} high, starting at (x, y). */
  Canvas text(long seed, double x, double y, double h, int count, int colour) {
    double cell = h * 0.62 * height / width;
    double stroke = h * 0.2;
    for (int k = 0; k < count; k++) {
      long glyph = Noise.mix(seed, k);
      double left = x + k * cell;
      double right = left + cell * 0.7;
      for (int s = 0; s < 7; s++) {
        if ((glyph >>> (3 * s) & 7) < 4) {
          segment(s, left, right, y, h, stroke, colour);
        }
      }
    }
    return this;
  }

  /** Three box blurs of the given radius in pixels (close to a Gaussian); edges are mirrored. */
  Canvas blur(int radius) {
    for (int pass = 0; pass < 3 && radius > 0; pass++) {
      rgb = blurred(rgb, radius);
    }
    return this;
  }

  /** Moves every colour towards the average, by {@code amount} (0..1): haze, or a shy lens. */
  Canvas calm(double amount) {
    double[] mean = new double[3];
    for (int k = 0; k < rgb.length; k++) {
      mean[k % 3] += rgb[k] * 3.0 / rgb.length;
    }
    for (int k = 0; k < rgb.length; k++) {
      rgb[k] = (float) Noise.lerp(rgb[k], mean[k % 3], amount);
    }
    return this;
  }

  Texture texture() {
    return new Texture(width, height, rgb);
  }

  static int blend(int from, int to, double t) {
    int r = (int) Math.round(Noise.lerp(from >> 16 & 255, to >> 16 & 255, t));
    int g = (int) Math.round(Noise.lerp(from >> 8 & 255, to >> 8 & 255, t));
    int b = (int) Math.round(Noise.lerp(from & 255, to & 255, t));
    return r << 16 | g << 8 | b;
  }

  static int scale(int colour, double gain) {
    return gain <= 1 ? blend(0, colour, gain) : blend(colour, 0xffffff, Math.min(1, gain - 1));
  }

  private void segment(
      int s, double left, double right, double y, double h, double stroke, int colour) {
    double mid = y + h / 2;
    double top = y + h;
    switch (s) {
      case 0 -> line(left, y, right, y, stroke, colour);
      case 1 -> line(left, mid, right, mid, stroke, colour);
      case 2 -> line(left, top, right, top, stroke, colour);
      case 3 -> line(left, y, left, top, stroke, colour);
      case 4 -> line(right, y, right, mid, stroke, colour);
      case 5 -> line(right, mid, right, top, stroke, colour);
      default -> line(left, y, right, top, stroke, colour);
    }
  }

  private Canvas paint(double x0, double y0, double x1, double y1, int colour, Coverage coverage) {
    float r = (colour >> 16 & 255) / 255f;
    float g = (colour >> 8 & 255) / 255f;
    float b = (colour & 255) / 255f;
    int left = (int) Math.floor(x0 * width);
    int right = (int) Math.ceil(x1 * width);
    for (int j = row(y0); j < Math.min(height, (int) Math.ceil(y1 * height)); j++) {
      for (int i = left; i < right; i++) {
        float mix = (float) coverage.at((i + 0.5) / width, (j + 0.5) / height);
        if (mix > 0) {
          int k = 3 * (j * width + Math.floorMod(i, width));
          rgb[k] += (r - rgb[k]) * mix;
          rgb[k + 1] += (g - rgb[k + 1]) * mix;
          rgb[k + 2] += (b - rgb[k + 2]) * mix;
        }
      }
    }
    return this;
  }

  private int row(double y) {
    return Math.clamp((int) Math.floor(y * height), 0, height);
  }

  private float[] blurred(float[] source, int radius) {
    float[] across = new float[source.length];
    float[] result = new float[source.length];
    float weight = 1f / (2 * radius + 1);
    for (int j = 0; j < height; j++) {
      for (int i = 0; i < width; i++) {
        for (int d = -radius; d <= radius; d++) {
          int from = 3 * (j * width + Math.floorMod(i + d, width));
          int to = 3 * (j * width + i);
          for (int c = 0; c < 3; c++) {
            across[to + c] += weight * source[from + c];
          }
        }
      }
    }
    for (int j = 0; j < height; j++) {
      for (int d = -radius; d <= radius; d++) {
        int other = mirror(j + d, height);
        for (int i = 0; i < 3 * width; i++) {
          result[3 * j * width + i] += weight * across[3 * other * width + i];
        }
      }
    }
    return result;
  }

  private static int mirror(int i, int n) {
    int folded = Math.floorMod(i, 2 * n);
    return folded < n ? folded : 2 * n - 1 - folded;
  }

  private static boolean inside(double[] p, double x, double y) {
    boolean in = false;
    for (int i = 0, j = p.length - 2; i < p.length; j = i, i += 2) {
      boolean crosses = (p[i + 1] > y) != (p[j + 1] > y);
      if (crosses && x < (p[j] - p[i]) * (y - p[i + 1]) / (p[j + 1] - p[i + 1]) + p[i]) {
        in = !in;
      }
    }
    return in;
  }
}
