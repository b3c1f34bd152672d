package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Rng;
import dev.accrete.core.Variable;
import dev.accrete.nn.Cut;
import dev.accrete.nn.LatentBank;
import dev.accrete.nn.LatentCopy;
import dev.accrete.nn.Variables;
import java.util.Arrays;
import java.util.List;

/**
 * AR1* with latent replay (Pellegrini, Graffieti, Lomonaco, Maltoni, "Latent Replay for Real-Time
 * Continual Learning", IROS 2020): a few activations of one layer are kept instead of images. The
 * first experience trains everything. From the second on the layers up to that one are frozen,
 * moments included, so that latents never go stale; those above train on a mix of new and replayed
 * latents, without synaptic intelligence.
 *
 * <p>After experience i of n images, {@code min(capacity / i, n)} of its latents (i counts from 1)
 * take free places of the memory, then those of random others. The head is consolidated over the
 * classes present, replayed ones included; what a class counts as past grows by real new images
 * alone.
 */
final class Ar1Free extends SequentialStrategy {
  /** Keeps this stream of random numbers apart from all others under the same seed. */
  private static final long MEMORY = 0x4D45L << 48;

  private final NetworkTrainer trainer;
  private final LatentTrainer latentTrainer;
  private final LatentExtractor source;
  private final ConsolidatedHead head;
  private final LatentMemory memory;

  Ar1Free(StrategyContext context, Hyperparameters settings) {
    super(Strategies.AR1_FREE, context, settings);
    Cut cut = settings.replay().cut(network());
    source = new LatentExtractor(learner(), cut, settings.inferenceBatch());
    memory = new LatentMemory(learner(), settings.replay(), cut.latent());
    trainer = new NetworkTrainer(learner(), settings, context.seed());
    latentTrainer =
        new LatentTrainer(learner(), cut, source, Recipe.everything(), settings, context.seed());
    head = new ConsolidatedHead(learner(), settings.headRule());
  }

  @Override
  Trained train(Experience experience, ImageSet train, Work work, Progress progress) {
    LabelledImages images = LabelledImages.of(network(), train, experience.images());
    int index = experience.index();
    Phase phase = phase(index);
    float[] replayed = memory.countByClass(network().classes());
    int held = images.count() + memory.size();
    head.begin(images, replayed);
    if (index == 0) {
      trainer.train(
          index, images, Recipe.everything(), phase, NetworkTrainer.Renorm.RISING, work, progress);
      trainer.release();
      remember(index, images, work);
    } else {
      remember(index, images, latentTrainer.train(index, images, memory, phase, work, progress));
    }
    head.end(images, replayed);
    return new Trained(held, phase.epochs());
  }

  /** Keeps latents of the first experience, whose training has changed the layers below as well. */
  private void remember(int index, LabelledImages images, Work work) {
    int[] chosen = chosen(index, images.count());
    int[] cells = memory.cellsFor(chosen.length, cellOrder(index));
    int[] indices = Arrays.stream(chosen).map(position -> images.indices()[position]).toArray();
    memory.write(
        cells,
        labels(images, chosen),
        bank -> work.addMacs(source.extract(images.set(), indices, bank, cells)));
  }

  private void remember(int index, LabelledImages images, LatentBank latents) {
    int[] chosen = chosen(index, images.count());
    int[] cells = memory.cellsFor(chosen.length, cellOrder(index));
    memory.write(
        cells,
        labels(images, chosen),
        bank -> {
          try (LatentCopy copy = learner().compileLatentCopy(latents, bank)) {
            copy.run(chosen, cells);
          }
        });
  }

  private static int[] labels(LabelledImages images, int[] positions) {
    return Arrays.stream(positions).map(images::label).toArray();
  }

  /** The positions of the images whose latents are kept. */
  private int[] chosen(int index, int images) {
    int count = Math.min(memory.capacity() / (index + 1), images);
    return Arrays.copyOf(
        Rng.of(context().seed(), MEMORY | (long) index << 1).permutation(images), count);
  }

  private Rng cellOrder(int index) {
    return Rng.of(context().seed(), MEMORY | (long) index << 1 | 1);
  }

  /** For tests: what is kept. */
  LatentMemory memory() {
    return memory;
  }

  /** For tests: what gives latents. */
  LatentExtractor source() {
    return source;
  }

  @Override
  boolean[] seen() {
    return head.seen();
  }

  @Override
  List<Variable> stateVariables() {
    Variables v = learner().variables();
    return List.of(v.weights(), v.moments(), v.bank(), v.past());
  }

  @Override
  void saveState(StateWriter state) {
    memory.save(state);
  }

  @Override
  void restoreState(StateReader state) {
    memory.restore(state);
  }
}
