package dev.accrete.cl.strategy;

/** Takes the named arrays a checkpoint holds. Arrays are read at once, not kept. */
public interface StateWriter {
  /** Stores {@code values}; a name may be used once. */
  void put(String name, float[] values);

  /** Stores {@code values}; likewise. */
  void put(String name, long[] values);

  /** Stores {@code values}; likewise. */
  void put(String name, byte[] values);
}
