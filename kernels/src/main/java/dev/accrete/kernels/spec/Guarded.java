package dev.accrete.kernels.spec;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import java.util.Arrays;
import java.util.Optional;

/**
 * A view in the middle of a variable whose other elements are sentinels. The sentinel is a NaN of
 * its own: reading one spoils the result, writing one shows.
 */
final class Guarded {
  /** Odd lengths, so that the view is aligned to nothing. */
  private static final int BEFORE = 19;

  private static final int AFTER = 37;
  private static final float SENTINEL = Float.intBitsToFloat(0x7FC5A5A5);

  private final Value.View view;

  Guarded(String name, TensorType type) {
    int size = type.shape().size();
    TensorType padded = new TensorType(type.dtype(), Shape.of(BEFORE + size + AFTER));
    view = new Variable(name, padded).view(BEFORE, type.shape());
  }

  static float[] poison(int length) {
    float[] values = new float[length];
    Arrays.fill(values, SENTINEL);
    return values;
  }

  /** A tensor full of sentinels. */
  static HostTensor poison(TensorType type) {
    int size = type.shape().size();
    if (type.dtype() == DType.F32) {
      return HostTensor.of(type, poison(size));
    }
    int[] values = new int[size];
    Arrays.fill(values, Float.floatToRawIntBits(SENTINEL));
    return HostTensor.of(type, values);
  }

  Value.View view() {
    return view;
  }

  /** Sentinels everywhere, in the view too. */
  void poison(Store store) {
    all(store, poison(view.variable().type()));
  }

  void write(Store store, HostTensor values) {
    HostTensor all = poison(view.variable().type());
    int size = view.type().shape().size();
    if (floats()) {
      System.arraycopy(values.floats(), 0, all.floats(), BEFORE, size);
    } else {
      System.arraycopy(values.ints(), 0, all.ints(), BEFORE, size);
    }
    all(store, all);
  }

  private void all(Store store, HostTensor values) {
    if (floats()) {
      store.write(view.variable(), values.floats());
    } else {
      store.write(view.variable(), values.ints());
    }
  }

  private boolean floats() {
    return view.type().dtype() == DType.F32;
  }

  HostTensor read(Store store) {
    int[] bits = Arrays.copyOfRange(bits(store), BEFORE, BEFORE + view.type().shape().size());
    if (!floats()) {
      return HostTensor.of(view.type(), bits);
    }
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    return HostTensor.of(view.type(), values);
  }

  /** The bits of every element, guards included. */
  private int[] bits(Store store) {
    if (!floats()) {
      return store.readInts(view.variable());
    }
    float[] values = store.read(view.variable());
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  /** Where a sentinel was overwritten, relative to the view, if anywhere. */
  Optional<String> damage(Store store) {
    int[] all = bits(store);
    int end = BEFORE + view.type().shape().size();
    for (int i = 0; i < all.length; i++) {
      boolean guard = i < BEFORE || i >= end;
      if (guard && all[i] != Float.floatToRawIntBits(SENTINEL)) {
        return Optional.of(
            view.variable().name()
                + ": element "
                + (i - BEFORE)
                + " of a view of "
                + (end - BEFORE)
                + " elements was overwritten with "
                + (floats() ? Float.toString(Float.intBitsToFloat(all[i])) : all[i]));
      }
    }
    return Optional.empty();
  }
}
