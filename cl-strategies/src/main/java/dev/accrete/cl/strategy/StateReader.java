package dev.accrete.cl.strategy;

/** Gives the named arrays of a checkpoint back. */
public interface StateReader {
  /**
   * The array stored under {@code name}.
   *
   * @throws dev.accrete.core.AccreteException if there is none or it holds no floats
   */
  float[] floats(String name);

  /**
   * The array stored under {@code name}.
   *
   * @throws dev.accrete.core.AccreteException if there is none or it holds no longs
   */
  long[] longs(String name);

  /**
   * The array stored under {@code name}.
   *
   * @throws dev.accrete.core.AccreteException if there is none or it holds no bytes
   */
  byte[] bytes(String name);
}
