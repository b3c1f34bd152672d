package dev.accrete.cl.data.sim;

/** Reproducible randomness without state: hashes, and smooth value noise on top of them. */
final class Noise {
  private static final double TO_UNIT = 0x1.0p-53;

  private Noise() {}

  /** SplitMix64's finalizer (Steele, Lea and Flood, 2014). */
  static long mix(long z) {
    long x = z + 0x9E3779B97F4A7C15L;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }

  static long mix(long a, long b) {
    return mix(mix(a) ^ (b * 0xD6E8FEB86659FD93L));
  }

  static long mix(long a, long b, long c) {
    return mix(mix(a, b), c);
  }

  /** Uniform in [0, 1). */
  static double unit(long seed, long key) {
    return (mix(seed, key) >>> 11) * TO_UNIT;
  }

  /** Uniform in [low, high). */
  static double between(long seed, long key, double low, double high) {
    return low + (high - low) * unit(seed, key);
  }

  /** Value noise in [0, 1], smooth, with features one unit wide. */
  static double smooth(long seed, double x, double y) {
    long ix = (long) Math.floor(x);
    long iy = (long) Math.floor(y);
    double fx = fade(x - ix);
    double fy = fade(y - iy);
    double bottom = lerp(lattice(seed, ix, iy), lattice(seed, ix + 1, iy), fx);
    double top = lerp(lattice(seed, ix, iy + 1), lattice(seed, ix + 1, iy + 1), fx);
    return lerp(bottom, top, fy);
  }

  /** Several octaves of value noise, in [0, 1]. */
  static double fractal(long seed, double x, double y, int octaves) {
    double sum = 0;
    double amplitude = 0.5;
    double total = 0;
    double scale = 1;
    for (int i = 0; i < octaves; i++) {
      sum += amplitude * smooth(seed + i, x * scale, y * scale);
      total += amplitude;
      amplitude *= 0.5;
      scale *= 2;
    }
    return sum / total;
  }

  static double lerp(double a, double b, double t) {
    return a + (b - a) * t;
  }

  private static double lattice(long seed, long x, long y) {
    return (mix(seed ^ (x * 0x632BE59BD9B4E019L) ^ (y * 0x9E3779B97F4A7C15L)) >>> 11) * TO_UNIT;
  }

  private static double fade(double t) {
    return t * t * (3 - 2 * t);
  }
}
