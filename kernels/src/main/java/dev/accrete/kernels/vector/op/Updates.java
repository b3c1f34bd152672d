package dev.accrete.kernels.vector.op;

import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SgdSynaptic.Segment;
import dev.accrete.core.op.SgdSynaptic.Trajectory;
import dev.accrete.core.op.SparseSgdSynaptic;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The update of the flat parameters in one pass: 5 streams read and 3 written, 32 bytes and about 8
 * operations an element. See {@link SgdSynaptic}. Where importance is sparse it is unpacked run by
 * run into memory of the thread, small enough to stay in its nearest cache: of the fifth stream
 * only the bitmap and the packed values are left. See {@link SparseSgdSynaptic}.
 */
public final class Updates {
  private static final int RUN = 1 << 13;

  /** Importance and anchors of a run take 16 KiB. */
  private static final int SPARSE_RUN = 1 << 11;

  private final SgdSynaptic op;
  private final Optional<Selections.Bitmap> bitmap;
  private final Operand rate;
  private final Operand gradients;
  private final Operand importance;
  private final Operand anchors;
  private final Operand weights;
  private final Operand momentum;
  private final Operand trajectory;
  private final List<Segment> runs = new ArrayList<>();

  /**
   * {@code in} as the dense op defines them, but importance and anchors are packed if there is a
   * bitmap; {@code out} hold the old values already.
   */
  private Updates(
      SgdSynaptic op, Optional<Selections.Bitmap> bitmap, List<Operand> in, List<Operand> out) {
    this.op = op;
    this.bitmap = bitmap;
    rate = in.get(0);
    gradients = in.get(2);
    // Operands the penalty does not have are never read; any tensor stands for them.
    importance = in.size() > 5 ? in.get(5) : in.get(2);
    anchors = in.size() > 6 ? in.get(6) : in.get(2);
    weights = out.get(0);
    momentum = out.get(1);
    trajectory = out.get(2);
    int length = bitmap.isPresent() ? SPARSE_RUN : RUN;
    for (Segment segment : op.segments()) {
      for (int done = 0; done < segment.length(); done += length) {
        runs.add(
            new Segment(
                segment.offset() + done,
                Math.min(length, segment.length() - done),
                segment.multiplier(),
                segment.weightDecay(),
                segment.synaptic()));
      }
    }
  }

  /** The update, in place in {@code out}. */
  public static Step step(TileRunner runner, SgdSynaptic op, List<Operand> in, List<Operand> out) {
    return new Updates(op, Optional.empty(), in, out).step(runner);
  }

  /** The update with sparse importance, likewise. */
  public static Step sparseStep(
      TileRunner runner, SparseSgdSynaptic op, List<Operand> in, List<Operand> out) {
    Selections.Bitmap bitmap = new Selections.Bitmap(in.get(5), in.get(6));
    List<Operand> dense = new ArrayList<>(in.subList(0, 5));
    dense.addAll(in.subList(7, in.size()));
    runner.reserve(2 * SPARSE_RUN);
    return new Updates(op.dense(), Optional.of(bitmap), dense, out).step(runner);
  }

  private Step step(TileRunner runner) {
    TileBody body = (tile, scratch) -> update(runs.get(tile), scratch);
    return () -> runner.run(runs.size(), body);
  }

  private void update(Segment run, Scratch scratch) {
    if (!run.synaptic()) {
      plain(run);
    } else if (bitmap.isPresent()) {
      sparse(run, bitmap.get(), scratch);
    } else {
      synaptic(run, importance.floats, importance.offset, anchors.floats, anchors.offset);
    }
  }

  /** Updates a synaptic run, after unpacking what its penalty reads. */
  private void sparse(Segment run, Selections.Bitmap chosen, Scratch scratch) {
    float[] unpacked = scratch.floats(2 * SPARSE_RUN);
    int from = run.offset();
    int to = from + run.length();
    chosen.unpack(importance, from, to, unpacked, 0);
    if (op.penalty() == Penalty.QUADRATIC) {
      chosen.unpack(anchors, from, to, unpacked, SPARSE_RUN);
    }
    synaptic(run, unpacked, -from, unpacked, SPARSE_RUN - from);
  }

  /** Updates a synaptic run; parameter {@code i} has its importance at {@code fBase + i}. */
  private void synaptic(Segment run, float[] f, int fBase, float[] a, int aBase) {
    int end = run.offset() + run.length();
    int whole = end - run.length() % WIDTH;
    synaptic(run, run.offset(), whole, SPECIES.maskAll(true), f, fBase, a, aBase);
    if (whole < end) {
      synaptic(run, whole, end, SPECIES.indexInRange(whole, end), f, fBase, a, aBase);
    }
  }

  private void plain(Segment run) {
    int end = run.offset() + run.length();
    int whole = end - run.length() % WIDTH;
    plain(run, run.offset(), whole, SPECIES.maskAll(true));
    if (whole < end) {
      plain(run, whole, end, SPECIES.indexInRange(whole, end));
    }
  }

  private void plain(Segment run, int from, int to, VectorMask<Float> on) {
    float learning = rate.floats[rate.offset] * run.multiplier();
    FloatVector decay = FloatVector.broadcast(SPECIES, run.weightDecay());
    FloatVector keep = FloatVector.broadcast(SPECIES, op.momentum());
    for (int i = from; i < to; i += WIDTH) {
      FloatVector w = load(weights, i, on);
      FloatVector scaled = w.fma(decay, load(gradients, i, on)).mul(learning);
      FloatVector v = load(momentum, i, on).fma(keep, scaled);
      FloatVector step = op.nesterov() ? v.fma(keep, scaled) : v;
      v.intoArray(momentum.floats, momentum.offset + i, on);
      w.sub(step).intoArray(weights.floats, weights.offset + i, on);
    }
  }

  private void synaptic(
      Segment run,
      int from,
      int to,
      VectorMask<Float> on,
      float[] important,
      int importanceBase,
      float[] anchored,
      int anchorBase) {
    boolean sparse = bitmap.isPresent();
    float learning = rate.floats[rate.offset] * run.multiplier();
    FloatVector decay = FloatVector.broadcast(SPECIES, run.weightDecay());
    FloatVector keep = FloatVector.broadcast(SPECIES, op.momentum());
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector max = FloatVector.broadcast(SPECIES, op.importanceMax());
    boolean scales = op.penalty() == Penalty.GRADIENT_SCALE;
    boolean pulls = op.penalty() == Penalty.QUADRATIC;
    boolean solver = op.trajectory() == Trajectory.SOLVER_UPDATE;
    for (int i = from; i < to; i += WIDTH) {
      FloatVector w = load(weights, i, on);
      FloatVector g = load(gradients, i, on);
      FloatVector u = w.fma(decay, g);
      if (scales || pulls) {
        FloatVector f = FloatVector.fromArray(SPECIES, important, importanceBase + i, on);
        if (sparse) {
          f = f.neg().max(0).min(max);
        }
        if (scales) {
          u = u.mul(one.sub(f.div(max)));
        } else {
          FloatVector a = FloatVector.fromArray(SPECIES, anchored, anchorBase + i, on);
          FloatVector pull = f.mul(w.sub(a));
          u = pull.fma(FloatVector.broadcast(SPECIES, op.strength()), u);
        }
      }
      FloatVector scaled = u.mul(learning);
      FloatVector v = load(momentum, i, on).fma(keep, scaled);
      FloatVector step = op.nesterov() ? v.fma(keep, scaled) : v;
      v.intoArray(momentum.floats, momentum.offset + i, on);
      w.sub(step).intoArray(weights.floats, weights.offset + i, on);
      load(trajectory, i, on)
          .sub(step.mul(solver ? step : g))
          .intoArray(trajectory.floats, trajectory.offset + i, on);
    }
  }

  private static FloatVector load(Operand operand, int i, VectorMask<Float> on) {
    return FloatVector.fromArray(SPECIES, operand.floats, operand.offset + i, on);
  }
}
