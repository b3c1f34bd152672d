package dev.accrete.nn;

import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Value;
import dev.accrete.nn.layer.Scope;
import java.util.List;

/** The keys that a training step's dropout layers draw their masks from. */
final class DropoutKeys {
  private final List<Value.Input> keys;

  /** The keys asked for in a scope whose graph is complete. */
  DropoutKeys(Scope scope) {
    keys = scope.dropoutKeys();
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /**
   * Sets all keys to those of one step: a function of both numbers, without a look at the step's
   * data.
   */
  void write(Plan plan, long seed, long step) {
    Rng rng = Rng.of(seed, step);
    write(plan, rng.nextInt(), rng.nextInt());
  }

  /** Sets all keys from two words that should differ from step to step. */
  void write(Plan plan, int low, int high) {
    for (int layer = 0; layer < keys.size(); layer++) {
      plan.write(keys.get(layer), new int[] {low, high, layer, 0});
    }
  }
}
