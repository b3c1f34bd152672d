package dev.accrete.cl.run;

import dev.accrete.cl.strategy.StateReader;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;

/**
 * What was saved after an experience: everything the strategy needs to go on, and its ledger.
 *
 * @param ledger the way so far; its {@link Ledger#next} is the cursor in the stream
 * @param origin all that decided what was saved
 * @param tensors the file; the strategy's arrays begin with {@link #STATE}
 */
public record Checkpoint(Ledger ledger, Origin origin, TensorFile tensors) implements StateReader {
  static final String STATE = "state/";

  /**
   * Checks that this checkpoint belongs to a run.
   *
   * @throws AccreteException if it was made with other settings, stream, data, weights or backend
   */
  public void requireOrigin(Origin expected) {
    origin
        .difference(expected)
        .ifPresent(
            difference -> {
              throw new AccreteException(
                  tensors.source()
                      + " was made with "
                      + difference
                      + ": give the run the settings, data, weights and backend that it began"
                      + " with, or start anew in another --out");
            });
  }

  @Override
  public float[] floats(String name) {
    StoredTensor tensor = tensors.tensor(STATE + name);
    if (tensor.type().integral()) {
      throw wrongType(name, "floats", tensor);
    }
    return tensor.floats();
  }

  @Override
  public long[] longs(String name) {
    StoredTensor tensor = tensors.tensor(STATE + name);
    if (!tensor.type().integral()) {
      throw wrongType(name, "longs", tensor);
    }
    return tensor.longs();
  }

  @Override
  public byte[] bytes(String name) {
    StoredTensor tensor = tensors.tensor(STATE + name);
    if (tensor.type() != StoredType.U8) {
      throw wrongType(name, "bytes", tensor);
    }
    return tensor.bytes();
  }

  private AccreteException wrongType(String name, String expected, StoredTensor actual) {
    return new AccreteException(
        tensors.source()
            + ": '"
            + name
            + "' is "
            + actual
            + " and not "
            + expected
            + "; it is of another version, start anew in another --out");
  }
}
