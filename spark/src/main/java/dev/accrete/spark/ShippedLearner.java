package dev.accrete.spark;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.Backend;
import java.io.Serializable;
import java.util.function.Function;

/**
 * A learner that has learned nothing yet, on its way to executors: the files of its folder.
 *
 * @param start what it begins with
 * @param state what it knows: nothing
 */
@SuppressWarnings("ArrayRecordComponent") // Shipped, never compared.
record ShippedLearner(byte[] start, byte[] state) implements Serializable {
  private static final String START = "start.safetensors";
  private static final String STATE = "learner.safetensors";

  /** A learner of this configuration. */
  static ShippedLearner of(LearnerConfig config, Backend backend) {
    try (ScratchFolder folder = ScratchFolder.create();
        ContinualLearner learner = ContinualLearner.create(config, backend)) {
      learner.save(folder.path());
      return new ShippedLearner(folder.read(START), folder.read(STATE));
    }
  }

  /** What somebody makes of it, while it is there. */
  <T> T use(Backend backend, Function<ContinualLearner, T> use) {
    try (ScratchFolder folder = ScratchFolder.create()) {
      folder.write(START, start);
      folder.write(STATE, state);
      try (ContinualLearner learner = ContinualLearner.load(folder.path(), backend)) {
        return use.apply(learner);
      }
    }
  }
}
