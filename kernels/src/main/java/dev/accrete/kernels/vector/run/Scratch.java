package dev.accrete.kernels.vector.run;

/** Working memory of one thread. Contents are unspecified at the start of a tile. */
public final class Scratch {
  private float[] floats = new float[0];
  private double[] doubles = new double[0];
  private int[] ints = new int[0];

  /** This thread's floats, at least {@code length} of them; the same array every time. */
  public float[] floats(int length) {
    if (floats.length < length) {
      floats = new float[length];
    }
    return floats;
  }

  /** This thread's doubles, likewise. */
  public double[] doubles(int length) {
    if (doubles.length < length) {
      doubles = new double[length];
    }
    return doubles;
  }

  /** This thread's integers, likewise. */
  public int[] ints(int length) {
    if (ints.length < length) {
      ints = new int[length];
    }
    return ints;
  }

  /** Bytes held. */
  long bytes() {
    return 4L * floats.length + 8L * doubles.length + 4L * ints.length;
  }
}
