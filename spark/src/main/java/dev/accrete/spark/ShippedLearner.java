package dev.accrete.spark;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.Backend;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * A learner that has learned nothing yet, on its way to executors, and the form in which what
 * learners know comes back: the files of a learner's folder. What it begins with travels once;
 * states, of which there is one for each partition, do without it.
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

  /** What it knows after a change, as a state. */
  byte[] changed(Backend backend, Consumer<ContinualLearner> change) {
    return changed(state, backend, change);
  }

  /** What a learner of this state knows after a change. */
  byte[] changed(byte[] from, Backend backend, Consumer<ContinualLearner> change) {
    try (ScratchFolder folder = folder(from);
        ContinualLearner learner = ContinualLearner.load(folder.path(), backend)) {
      change.accept(learner);
      learner.save(folder.path());
      return folder.read(STATE);
    }
  }

  /** Shows a learner of this state, whose files are there as long. */
  void show(byte[] of, Backend backend, Consumer<ContinualLearner> use) {
    try (ScratchFolder folder = folder(of);
        ContinualLearner learner = ContinualLearner.load(folder.path(), backend)) {
      use.accept(learner);
    }
  }

  private ScratchFolder folder(byte[] content) {
    ScratchFolder folder = ScratchFolder.create();
    folder.write(START, start);
    folder.write(STATE, content);
    return folder;
  }
}
