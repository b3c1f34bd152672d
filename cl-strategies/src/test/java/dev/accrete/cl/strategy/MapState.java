package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A checkpoint in memory. */
final class MapState implements StateWriter, StateReader {
  final Map<String, float[]> floats = new LinkedHashMap<>();
  final Map<String, long[]> longs = new LinkedHashMap<>();
  final Map<String, byte[]> bytes = new LinkedHashMap<>();

  static MapState of(Strategy strategy) {
    MapState state = new MapState();
    strategy.save(state);
    return state;
  }

  @Override
  public void put(String name, float[] values) {
    requireNew(name);
    floats.put(name, values.clone());
  }

  @Override
  public void put(String name, long[] values) {
    requireNew(name);
    longs.put(name, values.clone());
  }

  @Override
  public void put(String name, byte[] values) {
    requireNew(name);
    bytes.put(name, values.clone());
  }

  private void requireNew(String name) {
    if (floats.containsKey(name) || longs.containsKey(name) || bytes.containsKey(name)) {
      throw new IllegalStateException(name + " was saved twice");
    }
  }

  @Override
  public float[] floats(String name) {
    float[] values = floats.get(name);
    if (values == null) {
      throw new AccreteException("no floats named " + name);
    }
    return values.clone();
  }

  @Override
  public long[] longs(String name) {
    long[] values = longs.get(name);
    if (values == null) {
      throw new AccreteException("no longs named " + name);
    }
    return values.clone();
  }

  @Override
  public byte[] bytes(String name) {
    byte[] values = bytes.get(name);
    if (values == null) {
      throw new AccreteException("no bytes named " + name);
    }
    return values.clone();
  }
}
