package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.AccreteException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A checkpoint in memory. */
public final class MapState implements StateWriter, StateReader {
  public final Map<String, float[]> floats = new LinkedHashMap<>();
  public final Map<String, long[]> longs = new LinkedHashMap<>();
  public final Map<String, byte[]> bytes = new LinkedHashMap<>();

  /** What a strategy saves. */
  public static MapState of(Strategy strategy) {
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

  /** Fails unless every array is equal to the bit. */
  public void assertSame(MapState expected) {
    assertThat(floats.keySet()).isEqualTo(expected.floats.keySet());
    assertThat(longs.keySet()).isEqualTo(expected.longs.keySet());
    assertThat(bytes.keySet()).isEqualTo(expected.bytes.keySet());
    expected.floats.forEach(
        (array, values) ->
            assertThat(Arrays.equals(floats(array), values)).as(array + " is the same").isTrue());
    expected.longs.forEach(
        (array, values) ->
            assertThat(Arrays.equals(longs(array), values)).as(array + " is the same").isTrue());
    expected.bytes.forEach(
        (array, values) ->
            assertThat(Arrays.equals(bytes(array), values)).as(array + " is the same").isTrue());
  }
}
