package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state of a strategy as named tensors: what it saves into, and is restored from. */
public final class StateTensors implements StateWriter, StateReader {
  private final String source;
  private final Map<String, StoredTensor> tensors;

  /** No state yet. */
  public StateTensors() {
    this("the state", Map.of());
  }

  /**
   * A state that was saved before.
   *
   * @param source what it was read from, for errors
   */
  public StateTensors(String source, Map<String, StoredTensor> tensors) {
    this.source = source;
    this.tensors = new LinkedHashMap<>(tensors);
  }

  /** What a strategy saves now. */
  public static StateTensors of(Strategy strategy) {
    StateTensors state = new StateTensors();
    strategy.save(state);
    return state;
  }

  /** The tensors by name. */
  public Map<String, StoredTensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public void put(String name, float[] values) {
    put(name, StoredTensor.of(values));
  }

  @Override
  public void put(String name, long[] values) {
    put(name, StoredTensor.of(values));
  }

  @Override
  public void put(String name, byte[] values) {
    put(name, StoredTensor.of(values));
  }

  private void put(String name, StoredTensor tensor) {
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException("the state has two arrays named " + name);
    }
  }

  @Override
  public float[] floats(String name) {
    StoredTensor tensor = tensor(name);
    require(name, "floats", tensor, !tensor.type().integral());
    return tensor.floats();
  }

  @Override
  public long[] longs(String name) {
    StoredTensor tensor = tensor(name);
    require(name, "longs", tensor, tensor.type().integral());
    return tensor.longs();
  }

  @Override
  public byte[] bytes(String name) {
    StoredTensor tensor = tensor(name);
    require(name, "bytes", tensor, tensor.type() == StoredType.U8);
    return tensor.bytes();
  }

  private StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AccreteException(
          source
              + " has no array '"
              + name
              + "'; it is of another strategy or version: use the one that wrote it, or start anew");
    }
    return tensor;
  }

  private void require(String name, String expected, StoredTensor actual, boolean holds) {
    if (!holds) {
      throw new AccreteException(
          source
              + ": '"
              + name
              + "' is "
              + actual
              + " and not "
              + expected
              + "; it is of another strategy or version: use the one that wrote it, or start anew");
    }
  }
}
