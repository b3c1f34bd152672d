package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;
import java.util.OptionalInt;

/** When a model is trained anew on everything that is kept. */
public record RetrainPolicy(
    @Setting(
            value = "Days from one re-training on all kept images to the next",
            min = 1,
            unset = "never")
        int everyDays) {
  static final RetrainPolicy DEFAULT = new RetrainPolicy(Integer.MAX_VALUE);

  /** Days from one re-training to the next, if there is any. */
  public OptionalInt every() {
    return everyDays == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(everyDays);
  }
}
