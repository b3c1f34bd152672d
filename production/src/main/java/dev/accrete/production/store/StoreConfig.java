package dev.accrete.production.store;

import dev.accrete.cl.learner.LearnerConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a store is made with.
 *
 * @param learner decides how it learns; its classes are the declared ones
 * @param policy a file that is copied into the store
 */
public record StoreConfig(LearnerConfig learner, Optional<Path> policy) {
  /** A learner, and no policy of its own. */
  public static StoreConfig of(LearnerConfig learner) {
    return new StoreConfig(learner, Optional.empty());
  }

  /** The same with a policy. */
  public StoreConfig withPolicy(Path file) {
    return new StoreConfig(learner, Optional.of(file));
  }
}
