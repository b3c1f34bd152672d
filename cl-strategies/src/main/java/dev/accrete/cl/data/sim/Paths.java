package dev.accrete.cl.data.sim;

/** Outlines (x, y pairs) and space curves (x, y, z triples) that the objects are made from. */
final class Paths {
  private Paths() {}

  /** A rectangle around the origin with rounded corners, counter-clockwise. */
  static double[] roundedRectangle(double halfWidth, double halfHeight, double radius) {
    int steps = 4;
    double[] p = new double[8 * steps];
    for (int corner = 0; corner < 4; corner++) {
      double cx = (corner == 0 || corner == 3 ? 1 : -1) * (halfWidth - radius);
      double cy = (corner < 2 ? 1 : -1) * (halfHeight - radius);
      for (int i = 0; i < steps; i++) {
        double angle = StrictMath.PI / 2 * (corner + (double) i / (steps - 1));
        int k = 2 * (corner * steps + i);
        p[k] = cx + radius * StrictMath.cos(angle);
        p[k + 1] = cy + radius * StrictMath.sin(angle);
      }
    }
    return p;
  }

  /** An ellipse around (cx, cy), counter-clockwise. */
  static double[] ellipse(double cx, double cy, double rx, double ry, int points) {
    double[] p = new double[2 * points];
    for (int i = 0; i < points; i++) {
      double angle = 2 * StrictMath.PI * i / points;
      p[2 * i] = cx + rx * StrictMath.cos(angle);
      p[2 * i + 1] = cy + ry * StrictMath.sin(angle);
    }
    return p;
  }

  /** A closed elliptic loop in the plane z. */
  static double[] loop(double cx, double cy, double z, double rx, double ry, int points) {
    double[] flat = ellipse(cx, cy, rx, ry, points);
    double[] p = new double[3 * points];
    for (int i = 0; i < points; i++) {
      p[3 * i] = flat[2 * i];
      p[3 * i + 1] = flat[2 * i + 1];
      p[3 * i + 2] = z;
    }
    return p;
  }

  /** A helix around the y axis, from y0 to y1. */
  static double[] helix(double radius, double y0, double y1, double turns, double phase, int n) {
    double[] p = new double[3 * n];
    for (int i = 0; i < n; i++) {
      double t = (double) i / (n - 1);
      double angle = 2 * StrictMath.PI * (turns * t + phase);
      p[3 * i] = radius * StrictMath.cos(angle);
      p[3 * i + 1] = Noise.lerp(y0, y1, t);
      p[3 * i + 2] = radius * StrictMath.sin(angle);
    }
    return p;
  }

  /** A Catmull-Rom curve through the given points (x, y, z triples), {@code steps} per piece. */
  static double[] spline(int steps, double... points) {
    int n = points.length / 3;
    int total = (n - 1) * steps + 1;
    double[] p = new double[3 * total];
    for (int i = 0; i < total; i++) {
      int k = Math.min(i / steps, n - 2);
      double t = (double) (i - k * steps) / steps;
      for (int c = 0; c < 3; c++) {
        double a = points[3 * Math.max(0, k - 1) + c];
        double b = points[3 * k + c];
        double d = points[3 * (k + 1) + c];
        double e = points[3 * Math.min(n - 1, k + 2) + c];
        p[3 * i + c] =
            0.5
                * (2 * b
                    + (d - a) * t
                    + (2 * a - 5 * b + 4 * d - e) * t * t
                    + (3 * b - a - 3 * d + e) * t * t * t);
      }
    }
    return p;
  }

  static double[] constant(double value, int n) {
    double[] p = new double[n];
    java.util.Arrays.fill(p, value);
    return p;
  }
}
