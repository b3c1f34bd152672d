package dev.accrete.cl.data.sim;

/**
 * Where an object is held: at a height, and as wide as the object is there when turned by some
 * angle.
 */
final class Grip {
  private static final int DIRECTIONS = 64;
  private static final double BAND = 0.2;

  private final double height;
  private final double[] reach;

  private Grip(double height, double[] reach) {
    this.height = height;
    this.reach = reach;
  }

  /** Measures a mesh around the given height. */
  static Grip around(Mesh mesh, double height) {
    double[] reach = new double[DIRECTIONS];
    for (int i = 0; i < DIRECTIONS; i++) {
      double angle = StrictMath.PI * i / DIRECTIONS;
      double c = StrictMath.cos(angle);
      double s = StrictMath.sin(angle);
      for (int k = 0; k < mesh.vertexCount(); k++) {
        double[] p = mesh.vertices();
        int at = k * Mesh.STRIDE;
        if (Math.abs(p[at + 1] - height) < BAND) {
          reach[i] = Math.max(reach[i], Math.abs(c * p[at] + s * p[at + 2]));
        }
      }
    }
    return new Grip(height, reach);
  }

  /** A round stick of the given radius. */
  static Grip stick(double height, double radius) {
    return new Grip(height, Paths.constant(radius, DIRECTIONS));
  }

  double height() {
    return height;
  }

  /** Half the width, seen from the front, of the held part turned by {@code yaw} radians. */
  double halfWidth(double yaw) {
    double position = yaw / StrictMath.PI * DIRECTIONS;
    long low = (long) Math.floor(position);
    double t = position - low;
    return Noise.lerp(at(low), at(low + 1), t);
  }

  /** Half the depth of the same. */
  double halfDepth(double yaw) {
    return halfWidth(yaw + StrictMath.PI / 2);
  }

  private double at(long direction) {
    return reach[(int) Math.floorMod(direction, (long) DIRECTIONS)];
  }
}
