package dev.accrete.cl.data.sim;

/**
 * Where an object is held: at a height, and how far the object reaches there in every direction.
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
      double angle = 2 * StrictMath.PI * i / DIRECTIONS;
      double c = StrictMath.cos(angle);
      double s = StrictMath.sin(angle);
      for (int k = 0; k < mesh.vertexCount(); k++) {
        double[] p = mesh.vertices();
        int at = k * Mesh.STRIDE;
        if (Math.abs(p[at + 1] - height) < BAND) {
          reach[i] = Math.max(reach[i], c * p[at] + s * p[at + 2]);
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

  /**
   * How far the held part reaches in a horizontal direction (its support function), measured from
   * the axis.
   *
   * @param angle 0 for +x, pi/2 for +z, of the object before it is turned
   */
  double reach(double angle) {
    double position = angle / (2 * StrictMath.PI) * DIRECTIONS;
    long low = (long) Math.floor(position);
    return Noise.lerp(at(low), at(low + 1), position - low);
  }

  private double at(long direction) {
    return reach[(int) Math.floorMod(direction, (long) DIRECTIONS)];
  }
}
