package dev.accrete.cl.data.sim;

/** A unit vector: x right, y up, z to the camera. */
record Direction(double x, double y, double z) {
  /** The direction of any vector but zero. */
  static Direction of(double x, double y, double z) {
    double length = Math.sqrt(x * x + y * y + z * z);
    return new Direction(x / length, y / length, z / length);
  }
}
