package dev.accrete.cl.data.sim;

/** The optics and the sensor: background, defocus, exposure, tone curve and noise. */
final class Camera {
  private static final double REFERENCE_SIZE = 128;

  private final int size;
  private float[] picture;
  private float[] scratch;
  private final float[] rgb = new float[3];

  Camera(int size) {
    this.size = size;
    picture = new float[3 * size * size];
    scratch = new float[3 * size * size];
  }

  /** Lays four samples per pixel over the background. */
  void compose(float[] samples, Session session, Pose pose) {
    int level = session.backgroundBlur() + (size < 96 ? 1 : 0);
    double cos = StrictMath.cos(pose.horizon()) * pose.zoom();
    double sin = StrictMath.sin(pose.horizon()) * pose.zoom();
    int row = 4 * 2 * size;
    float[] ambientLight = new float[3];
    for (int c = 0; c < 3; c++) {
      ambientLight[c] = (float) (session.sky().channels()[c] + 0.5 * session.key().channels()[c]);
    }
    for (int j = 0; j < size; j++) {
      double dy = 0.5 - (j + 0.5) / size;
      for (int i = 0; i < size; i++) {
        double dx = (i + 0.5) / size - 0.5;
        int k = 2 * j * row + 8 * i;
        int to = 3 * (j * size + i);
        float cover = samples[k + 3] + samples[k + 7] + samples[k + row + 3] + samples[k + row + 7];
        float seen = 1 - 0.25f * cover;
        if (seen > 0.001f) {
          session
              .background()
              .sample(
                  level, pose.panX() + cos * dx - sin * dy, pose.panY() + sin * dx + cos * dy, rgb);
        }
        for (int c = 0; c < 3; c++) {
          float sum =
              samples[k + c] + samples[k + 4 + c] + samples[k + row + c] + samples[k + row + 4 + c];
          float ambient = ambientLight[c];
          picture[to + c] = 0.25f * sum + (seen > 0.001f ? seen * rgb[c] * ambient : 0);
        }
      }
    }
  }

  /** Gaussian defocus; {@code sigma} is in pixels at 128 pixels. */
  void defocus(double sigma) {
    double s = sigma * size / REFERENCE_SIZE;
    if (s < 0.2) {
      return;
    }
    int radius = (int) Math.ceil(2.2 * s);
    float[] weights = new float[radius + 1];
    double total = 0;
    for (int d = 0; d <= radius; d++) {
      double w = StrictMath.exp(-0.5 * d * d / (s * s));
      weights[d] = (float) w;
      total += d == 0 ? w : 2 * w;
    }
    for (int d = 0; d <= radius; d++) {
      weights[d] = (float) (weights[d] / total);
    }
    for (int j = 0; j < size; j++) {
      blurLine(3 * j * size, 3, weights);
    }
    swap();
    for (int i = 0; i < size; i++) {
      blurLine(3 * i, 3 * size, weights);
    }
    swap();
  }

  /** Writes planar red, green, blue bytes. */
  void expose(Session session, Pose pose, long noiseSeed, byte[] destination, int offset) {
    float gain = (float) (session.exposure() * pose.gain());
    float saturation = (float) session.saturation();
    float contrast = (float) session.contrast();
    // A larger pixel collects more light, so a smaller picture is less noisy.
    double noise = session.noise() * Math.min(1, 0.4 + 0.6 * size / REFERENCE_SIZE);
    int plane = size * size;
    for (int k = 0; k < plane; k++) {
      float r = gain * picture[3 * k];
      float g = gain * picture[3 * k + 1];
      float b = gain * picture[3 * k + 2];
      float grey = 0.25f * r + 0.6f * g + 0.15f * b;
      long grain = Noise.mix(noiseSeed + k);
      destination[offset + k] = level(grey + (r - grey) * saturation, contrast, noise, grain);
      destination[offset + plane + k] =
          level(grey + (g - grey) * saturation, contrast, noise, grain >>> 20);
      destination[offset + 2 * plane + k] =
          level(grey + (b - grey) * saturation, contrast, noise, grain >>> 40);
    }
  }

  private static byte level(float light, float contrast, double noise, long grain) {
    double v = Math.sqrt(Math.clamp(light, 0f, 1f));
    v += contrast * (v * v * (3 - 2 * v) - v);
    // The sum of two uniform numbers: triangular, standard deviation 1 after scaling.
    double n = ((grain & 1023) + (grain >>> 10 & 1023) - 1023) * (2.449 / 1023);
    double value = 255 * v + n * noise * (1.25 - 0.6 * v);
    return (byte) (int) Math.clamp(value + 0.5, 0, 255);
  }

  private void blurLine(int start, int stride, float[] weights) {
    for (int i = 0; i < size; i++) {
      int at = start + i * stride;
      for (int c = 0; c < 3; c++) {
        float sum = weights[0] * picture[at + c];
        for (int d = 1; d < weights.length; d++) {
          int before = start + Math.max(0, i - d) * stride;
          int after = start + Math.min(size - 1, i + d) * stride;
          sum += weights[d] * (picture[before + c] + picture[after + c]);
        }
        scratch[at + c] = sum;
      }
    }
  }

  private void swap() {
    float[] other = picture;
    picture = scratch;
    scratch = other;
  }
}
