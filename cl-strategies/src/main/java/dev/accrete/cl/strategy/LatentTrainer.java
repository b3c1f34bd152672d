package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.MemoryException;
import dev.accrete.core.Shape;
import dev.accrete.nn.Cut;
import dev.accrete.nn.LatentBank;
import dev.accrete.nn.LatentTraining;
import dev.accrete.nn.Learner;
import dev.accrete.nn.NumericalException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains the upper part of a cut network whose lower part is frozen: the lower part gives the
 * latent of every image once, and all epochs train on these and on those of a memory. What an epoch
 * tells the backend of its latents is in which cells they are.
 */
final class LatentTrainer {
  /** Experiences of about the same size have the same room, and so one compiled step. */
  private static final int ROOM = 16;

  /** What a compiled step depends on. */
  private record StepKey(Phase phase, int miniBatch, LatentBank fresh) {}

  private final Learner learner;
  private final Cut cut;
  private final LatentExtractor source;
  private final Solver solver;
  private final Steps steps;
  private final long seed;
  private final Shape latent;
  private @Nullable LatentBank allocated;
  private @Nullable StepKey compiledFor;
  private @Nullable LatentTraining compiled;

  LatentTrainer(
      Learner learner,
      Cut cut,
      LatentExtractor source,
      Solver solver,
      Steps steps,
      long seed) {
    this.learner = learner;
    this.cut = cut;
    this.source = source;
    this.solver = solver;
    this.steps = steps;
    this.seed = seed;
    latent = cut.latent();
  }

  /**
   * Trains {@code phase.epochs()} epochs on {@code images} and {@code memory}, with a solver
   * started anew. Returns the latents of the images, in the order of these; they are there until
   * the next call.
   */
  LatentBank train(
      int experience,
      LabelledImages images,
      LatentMemory memory,
      Phase phase,
      Work work,
      ProgressListener progress) {
    int count = images.count();
    LatentBank fresh = fresh(count);
    int[] cells = IntStream.range(0, count).toArray();
    work.addMacs(source.extract(images.set(), cells, fresh, cells));
    MiniBatches batches =
        new MiniBatches(seed, experience, count, memory.size(), solver.miniBatch());
    LatentTraining step = step(new StepKey(phase, batches.size(), fresh), memory);
    learner.resetMomentum();
    int[] labels = new int[batches.size()];
    int[] rows = new int[batches.size()];
    work.holds(learner.bytes() + images.bytes() + memory.bytes() + fresh.bytes());
    for (int epoch = 0; epoch < phase.epochs(); epoch++) {
      int[] order = batches.order(epoch);
      int[] replayOrder = batches.replayOrder(epoch);
      for (int s = 0; s < batches.steps(); s++) {
        batches.rows(order, replayOrder, s, rows);
        for (int row = 0; row < rows.length; row++) {
          if (rows[row] < count) {
            labels[row] = images.label(rows[row]);
          } else {
            int cell = rows[row] - count;
            labels[row] = memory.label(cell);
            rows[row] = fresh.cells() + cell;
          }
        }
        try {
          step.run(
              rows, labels, phase.learningRate(), phase.rMax(), phase.dMax(), phase.averaging());
        } catch (NumericalException e) {
          throw new NetworkTrainer.Place(experience, epoch, s).locate(e);
        }
        work.addMacs(step.macs());
        progress.progress((long) epoch * count + batches.through(s), (long) phase.epochs() * count);
      }
    }
    work.addImages(phase.epochs() * count);
    return fresh;
  }

  /** Room for the latents of some images: what was allocated before if it is as large. */
  private LatentBank fresh(int images) {
    int cells = Math.ceilDiv(images, ROOM) * ROOM;
    LatentBank bank = allocated;
    if (bank == null || bank.cells() != cells) {
      if (bank != null) {
        release();
        bank.close();
        allocated = null;
      }
      bank = allocate(cells);
      allocated = bank;
    }
    return bank;
  }

  private LatentBank allocate(int cells) {
    try {
      return learner.allocateLatents("fresh", latent, cells, LatentBank.Storage.F32);
    } catch (MemoryException e) {
      throw new AccreteException(
          e.getMessage()
              + "; these are for the images of one experience, and smaller at a later replay.layer",
          e);
    }
  }

  private LatentTraining step(StepKey key, LatentMemory memory) {
    LatentTraining step = compiled;
    if (step == null || !key.equals(compiledFor)) {
      release();
      List<LatentBank> banks = Stream.concat(Stream.of(key.fresh), memory.bank().stream()).toList();
      step =
          learner.compileLatentTraining(
              cut, steps.spec(false, key.phase, key.miniBatch), banks);
      compiled = step;
      compiledFor = key;
    }
    return step;
  }

  private void release() {
    if (compiled != null) {
      compiled.close();
      compiled = null;
    }
  }
}
