package dev.accrete.cl.data.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * An image in LINEAR light with half, quarter, ... size copies against aliasing. Gamma is 2.0
 * throughout (encode = square root), which is exact everywhere, unlike a power function.
 */
final class Texture {
  private final int[] widths;
  private final int[] heights;
  private final float[][] levels;

  /** From gamma-encoded, interleaved RGB in 0..1, rows from the bottom up. */
  Texture(int width, int height, float[] encoded) {
    float[] linear = new float[encoded.length];
    for (int i = 0; i < linear.length; i++) {
      linear[i] = encoded[i] * encoded[i];
    }
    List<float[]> pyramid = new ArrayList<>();
    List<int[]> sizes = new ArrayList<>();
    int w = width;
    int h = height;
    pyramid.add(linear);
    sizes.add(new int[] {w, h});
    while (w > 8 && h > 8 && w % 2 == 0 && h % 2 == 0) {
      linear = halved(linear, w, h);
      w /= 2;
      h /= 2;
      pyramid.add(linear);
      sizes.add(new int[] {w, h});
    }
    levels = pyramid.toArray(new float[0][]);
    widths = sizes.stream().mapToInt(s -> s[0]).toArray();
    heights = sizes.stream().mapToInt(s -> s[1]).toArray();
  }

  /** One colour everywhere. */
  static Texture plain(int colour) {
    return new Canvas(1, 1, colour).texture();
  }

  int width() {
    return widths[0];
  }

  /**
   * Bilinear lookup; u wraps around, v is clamped.
   *
   * @param level 0 for full size, 1 for half, ... (clamped to what exists)
   * @param rgb receives the colour
   */
  void sample(int level, double u, double v, float[] rgb) {
    int l = Math.min(level, levels.length - 1);
    int w = widths[l];
    int h = heights[l];
    float[] texels = levels[l];
    if (w == 1 && h == 1) {
      rgb[0] = texels[0];
      rgb[1] = texels[1];
      rgb[2] = texels[2];
      return;
    }
    double x = (u - Math.floor(u)) * w - 0.5;
    double y = v * h - 0.5;
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    float fx = (float) (x - x0);
    float fy = (float) (y - y0);
    int left = x0 < 0 ? x0 + w : x0;
    int right = x0 + 1 >= w ? x0 + 1 - w : x0 + 1;
    int low = Math.clamp(y0, 0, h - 1) * w;
    int high = Math.clamp(y0 + 1, 0, h - 1) * w;
    int a = 3 * (low + left);
    int b = 3 * (low + right);
    int c = 3 * (high + left);
    int d = 3 * (high + right);
    for (int k = 0; k < 3; k++) {
      float bottom = texels[a + k] + (texels[b + k] - texels[a + k]) * fx;
      float top = texels[c + k] + (texels[d + k] - texels[c + k]) * fx;
      rgb[k] = bottom + (top - bottom) * fy;
    }
  }

  private static float[] halved(float[] source, int w, int h) {
    float[] half = new float[3 * (w / 2) * (h / 2)];
    for (int j = 0; j < h / 2; j++) {
      for (int i = 0; i < w / 2; i++) {
        for (int c = 0; c < 3; c++) {
          int k = 3 * (2 * j * w + 2 * i) + c;
          half[3 * (j * (w / 2) + i) + c] =
              0.25f * (source[k] + source[k + 3] + source[k + 3 * w] + source[k + 3 * w + 3]);
        }
      }
    }
    return half;
  }
}
