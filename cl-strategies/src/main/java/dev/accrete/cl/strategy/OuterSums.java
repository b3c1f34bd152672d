package dev.accrete.cl.strategy;

/**
 * Sums of the outer products of vectors with themselves, as the upper triangle that {@link
 * dev.accrete.core.op.Triangle} tells of.
 */
interface OuterSums {
  /** How many numbers a vector has. */
  int size();

  /** Adds {@code count} vectors, one after the other from {@code offset} on. */
  void add(float[] values, int offset, int count);

  /** Takes vectors off again; likewise. */
  void subtract(float[] values, int offset, int count);

  /** A copy of the triangle. */
  double[] triangle();

  /** Replaces the triangle. */
  void setTriangle(double[] triangle);

  /** A copy without the outer products of these rows. */
  double[] less(double[][] rows);

  /** Bytes held. */
  long bytes();
}
