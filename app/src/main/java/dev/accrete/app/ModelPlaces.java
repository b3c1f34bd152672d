package dev.accrete.app;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * The model that a path on the command line stands for: the one in a file, what the learner in a
 * folder knows, or what is in production in a store. Another kind of place where models are is one
 * more case of {@link #load}.
 */
final class ModelPlaces {
  private ModelPlaces() {}

  /**
   * Finds a model.
   *
   * @param backend opened only for a place that holds no finished model
   * @throws AccreteException if there is none, saying what to name instead
   */
  static Model load(Path place, Supplier<Backend> backend) {
    if (ContinualLearner.exists(place)) {
      return learner(place, backend);
    }
    if (Stores.isOne(place)) {
      return Stores.champion(place);
    }
    if (Files.isDirectory(place)) {
      throw new AccreteException(
          place
              + " is a folder without a learner: name a learner's folder, a store, or a model's file"
              + (Files.isDirectory(place.resolve("models"))
                  ? ", such as one of those in " + place.resolve("models")
                  : ""));
    }
    return file(place);
  }

  /** What it knows now: the model that lies beside it may be of an earlier day. */
  private static Model learner(Path folder, Supplier<Backend> backend) {
    try (Backend engine = backend.get();
        ContinualLearner learner = ContinualLearner.load(folder, engine)) {
      if (learner.days() == 0) {
        throw new AccreteException(
            "the learner in " + folder + " has learned no day yet: let it learn one first");
      }
      if (!learner.canPredict()) {
        throw new AccreteException(
            "the learner in "
                + folder
                + " knows nothing that predicts: all was forgotten, or "
                + learner.config().strategy()
                + " has trained at no day so far; let it learn a day");
      }
      return learner.model();
    }
  }

  /**
   * The model in a file.
   *
   * @throws AccreteException if it is none, or knows no class
   */
  static Model file(Path file) {
    Model model = Model.load(file);
    if (model.classes().equals(List.of("(none)"))) {
      throw new AccreteException(
          file + " is what a learner began with, and knows no class: name its model.safetensors");
    }
    return model;
  }
}
