package com.example;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Prediction;
import dev.accrete.nn.Predictor;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part of some application: learns every evening, and sorts pictures all day. */
public final class Sorter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sorter.class);

  private final Backend backend = Backends.create("auto", BackendOptions.defaults());
  private final Path folder;
  private final ContinualLearner learner;
  private Predictor current;

  /** Goes on where the folder ends, or begins anew. */
  public Sorter(Path folder, LearnerConfig config) {
    this.folder = folder;
    learner =
        Files.exists(folder)
            ? ContinualLearner.load(folder, backend)
            : ContinualLearner.create(config, backend);
    LOG.info("{} days learned, backend {}", learner.days(), backend.name());
    if (learner.days() > 0) {
      current = learner.model().open(backend);
    }
  }

  /** Learns a day and keeps it. */
  public synchronized void evening(ImageSet day) {
    Cost cost = learner.learn(day);
    learner.save(folder);
    if (current != null) {
      current.close();
    }
    current = learner.model().open(backend);
    LOG.info("day {}: {} images of {} classes known, {} MMAC",
        learner.days(), day.size(), learner.classes().size(), cost.macs() / 1_000_000);
  }

  /** What is on a picture, as JPEG, PNG or WebP. */
  public synchronized Prediction sort(byte[] picture) {
    Prediction prediction = current.predict(picture);
    LOG.info("{} bytes are a {}", picture.length, prediction.best().name());
    return prediction;
  }

  @Override
  public synchronized void close() {
    if (current != null) {
      current.close();
    }
    learner.close();
    backend.close();
  }
}
