package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.SPECIES;
import static dev.accrete.kernels.vector.Lanes.WIDTH;

import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SgdSynaptic.Segment;
import dev.accrete.core.op.SgdSynaptic.Trajectory;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The update of the flat parameters in one pass: 5 streams read and 3 written, 32 bytes and about 8
 * operations an element. See {@link SgdSynaptic}.
 */
final class Updates {
  private static final int RUN = 1 << 13;

  private final SgdSynaptic op;
  private final Operand rate;
  private final Operand gradients;
  private final Operand importance;
  private final Operand anchors;
  private final Operand weights;
  private final Operand momentum;
  private final Operand trajectory;
  private final List<Segment> runs = new ArrayList<>();

  /** {@code in} as the op defines them; {@code out} hold the old values already. */
  private Updates(SgdSynaptic op, List<Operand> in, List<Operand> out) {
    this.op = op;
    rate = in.get(0);
    gradients = in.get(2);
    // Operands the penalty does not have are never read; any tensor stands for them.
    importance = in.size() > 5 ? in.get(5) : in.get(2);
    anchors = in.size() > 6 ? in.get(6) : in.get(2);
    weights = out.get(0);
    momentum = out.get(1);
    trajectory = out.get(2);
    for (Segment segment : op.segments()) {
      for (int done = 0; done < segment.length(); done += RUN) {
        runs.add(
            new Segment(
                segment.offset() + done,
                Math.min(RUN, segment.length() - done),
                segment.multiplier(),
                segment.weightDecay(),
                segment.synaptic()));
      }
    }
  }

  /** The update, in place in {@code out}. */
  static Step step(TileRunner runner, SgdSynaptic op, List<Operand> in, List<Operand> out) {
    Updates updates = new Updates(op, in, out);
    TileBody body = (tile, scratch) -> updates.update(updates.runs.get(tile));
    return () -> runner.run(updates.runs.size(), body);
  }

  private void update(Segment run) {
    int end = run.offset() + run.length();
    int whole = end - run.length() % WIDTH;
    VectorMask<Float> all = SPECIES.maskAll(true);
    if (run.synaptic()) {
      synaptic(run, run.offset(), whole, all);
      if (whole < end) {
        synaptic(run, whole, end, SPECIES.indexInRange(whole, end));
      }
    } else {
      plain(run, run.offset(), whole, all);
      if (whole < end) {
        plain(run, whole, end, SPECIES.indexInRange(whole, end));
      }
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

  private void synaptic(Segment run, int from, int to, VectorMask<Float> on) {
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
      if (scales) {
        u = u.mul(one.sub(load(importance, i, on).div(max)));
      } else if (pulls) {
        FloatVector pull = load(importance, i, on).mul(w.sub(load(anchors, i, on)));
        u = pull.fma(FloatVector.broadcast(SPECIES, op.strength()), u);
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
