package dev.accrete.kernels.spec;

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
    view = new Variable(name, TensorType.f32(BEFORE + size + AFTER)).view(BEFORE, type.shape());
  }

  static float[] poison(int length) {
    float[] values = new float[length];
    Arrays.fill(values, SENTINEL);
    return values;
  }

  Value.View view() {
    return view;
  }

  /** Sentinels everywhere, in the view too. */
  void poison(Store store) {
    store.write(view.variable(), poison(view.variable().type().shape().size()));
  }

  void write(Store store, float[] values) {
    poison(store);
    store.write(view.variable(), view.offset(), values, 0, values.length);
  }

  float[] read(Store store) {
    float[] values = new float[view.type().shape().size()];
    store.read(view.variable(), view.offset(), values, 0, values.length);
    return values;
  }

  /** Where a sentinel was overwritten, relative to the view, if anywhere. */
  Optional<String> damage(Store store) {
    float[] all = store.read(view.variable());
    int end = BEFORE + view.type().shape().size();
    for (int i = 0; i < all.length; i++) {
      boolean guard = i < BEFORE || i >= end;
      if (guard && Float.floatToRawIntBits(all[i]) != Float.floatToRawIntBits(SENTINEL)) {
        return Optional.of(
            view.variable().name()
                + ": element "
                + (i - BEFORE)
                + " of a view of "
                + (end - BEFORE)
                + " elements was overwritten with "
                + all[i]);
      }
    }
    return Optional.empty();
  }
}
