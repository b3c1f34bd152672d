package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import java.util.Arrays;
import java.util.Optional;

/**
 * A view in the middle of a variable whose other elements are sentinels. The sentinel is a NaN of
 * its own, or a byte that is unlikely: reading one spoils the result, writing one shows.
 */
final class Guarded {
  /** Odd lengths, so that the view is aligned to nothing. */
  private static final int BEFORE = 19;

  private static final int AFTER = 37;
  private static final float SENTINEL = Float.intBitsToFloat(0x7FC5A5A5);
  private static final double DOUBLE_SENTINEL = Double.longBitsToDouble(0x7FF8A5A5A5A5A5A5L);
  private static final byte BYTE_SENTINEL = (byte) 0xA5;

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
    return switch (type.dtype()) {
      case F32 -> HostTensor.of(type, poison(size));
      case F64 -> {
        double[] values = new double[size];
        Arrays.fill(values, DOUBLE_SENTINEL);
        yield HostTensor.of(type, values);
      }
      case I32 -> {
        int[] values = new int[size];
        Arrays.fill(values, Float.floatToRawIntBits(SENTINEL));
        yield HostTensor.of(type, values);
      }
      case U8 -> {
        byte[] values = new byte[size];
        Arrays.fill(values, BYTE_SENTINEL);
        yield HostTensor.of(type, values);
      }
    };
  }

  Value.View view() {
    return view;
  }

  /** Sentinels everywhere, in the view too. */
  void poison(Store store) {
    poison(view.variable().type()).write(store, view.variable());
  }

  void write(Store store, HostTensor values) {
    HostTensor all = poison(view.variable().type());
    int size = view.type().shape().size();
    switch (view.type().dtype()) {
      case F32 -> System.arraycopy(values.floats(), 0, all.floats(), BEFORE, size);
      case F64 -> System.arraycopy(values.doubles(), 0, all.doubles(), BEFORE, size);
      case I32 -> System.arraycopy(values.ints(), 0, all.ints(), BEFORE, size);
      case U8 -> System.arraycopy(values.bytes(), 0, all.bytes(), BEFORE, size);
    }
    all.write(store, view.variable());
  }

  HostTensor read(Store store) {
    HostTensor all = all(store);
    int end = BEFORE + view.type().shape().size();
    return switch (view.type().dtype()) {
      case F32 -> HostTensor.of(view.type(), Arrays.copyOfRange(all.floats(), BEFORE, end));
      case F64 -> HostTensor.of(view.type(), Arrays.copyOfRange(all.doubles(), BEFORE, end));
      case I32 -> HostTensor.of(view.type(), Arrays.copyOfRange(all.ints(), BEFORE, end));
      case U8 -> HostTensor.of(view.type(), Arrays.copyOfRange(all.bytes(), BEFORE, end));
    };
  }

  /** Every element, guards included. */
  private HostTensor all(Store store) {
    Variable variable = view.variable();
    return switch (variable.type().dtype()) {
      case F32 -> HostTensor.of(variable.type(), store.read(variable));
      case F64 -> {
        double[] doubles = new double[variable.type().shape().size()];
        store.read(variable, 0, doubles, 0, doubles.length);
        yield HostTensor.of(variable.type(), doubles);
      }
      case I32 -> HostTensor.of(variable.type(), store.readInts(variable));
      case U8 -> {
        byte[] bytes = new byte[variable.type().shape().size()];
        store.read(variable, 0, bytes, 0, bytes.length);
        yield HostTensor.of(variable.type(), bytes);
      }
    };
  }

  /** Where a sentinel was overwritten, relative to the view, if anywhere. */
  Optional<String> damage(Store store) {
    long[] all = all(store).bits();
    long[] sentinels = poison(view.variable().type()).bits();
    int end = BEFORE + view.type().shape().size();
    for (int i = 0; i < all.length; i++) {
      boolean guard = i < BEFORE || i >= end;
      if (guard && all[i] != sentinels[i]) {
        return Optional.of(
            view.variable().name()
                + ": element "
                + (i - BEFORE)
                + " of a view of "
                + (end - BEFORE)
                + " elements was overwritten with "
                + switch (view.type().dtype()) {
                  case F32 -> Float.toString(Float.intBitsToFloat((int) all[i]));
                  case F64 -> Double.toString(Double.longBitsToDouble(all[i]));
                  case I32, U8 -> Long.toString(all[i]);
                });
      }
    }
    return Optional.empty();
  }
}
