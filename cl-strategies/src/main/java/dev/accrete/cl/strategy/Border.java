package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageRows;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import dev.accrete.nn.NormKind;
import dev.accrete.nn.TrainingSpec;
import dev.accrete.nn.TrainingStep;
import java.util.Optional;
import java.util.function.Consumer;

/** What a {@link Part} sees at the beginning and the end of an experience. */
public final class Border {
  private final int index;
  private final Learner learner;
  private final LabelledImages images;
  private final Optional<float[]> replayed;
  private final Work work;

  Border(
      int index,
      Learner learner,
      LabelledImages images,
      Optional<float[]> replayed,
      Work work) {
    this.index = index;
    this.learner = learner;
    this.images = images;
    this.replayed = replayed;
    this.work = work;
  }

  /** The place of the experience in the stream, from 0. */
  public int index() {
    return index;
  }

  /** Whether this is the first experience. */
  public boolean isFirst() {
    return index == 0;
  }

  /** The network's state. */
  public Learner learner() {
    return learner;
  }

  /** The images of the experience. */
  public LabelledImages images() {
    return images;
  }

  /** How many replayed memories of each class the experience trains on; empty without replay. */
  public Optional<float[]> replayed() {
    return replayed;
  }

  /** What the experience took so far. */
  public Work work() {
    return work;
  }

  /**
   * The gradient of the mean loss of each image on its own, or of a few together, at the weights and
   * moments as they are; nothing of the state changes but the momentum, which is dead between
   * experiences. One flat array in the layout of the network's parameters, the same at every call.
   *
   * @param together images per gradient; the last ones that fill none are left out, unless there
   *     are fewer than that in all
   */
  public void forEachGradient(int together, Consumer<float[]> sink) {
    Network network = learner.network();
    int rows = Math.min(together, images.count());
    TrainingSpec spec =
        TrainingSpec.builder(network, rows).norm(NormKind.FIXED).weightDecay(0f).build();
    ImageRows pixels = new ImageRows(rows, network.channels(), network.height(), network.width());
    int[] positions = new int[rows];
    int[] labels = new int[rows];
    int[] augment = new int[3 * rows];
    try (TrainingStep step = learner.compileTraining(spec)) {
      for (int from = 0; from + rows <= images.count(); from += rows) {
        for (int row = 0; row < rows; row++) {
          positions[row] = from + row;
        }
        images.read(positions, pixels, labels);
        step.run(pixels.pixels(), labels, augment, 0, 1, 0, 1);
        work.addMacs(step.macs());
        sink.accept(learner.snapshot(learner.variables().gradients()));
      }
    }
    learner.resetMomentum();
  }
}
