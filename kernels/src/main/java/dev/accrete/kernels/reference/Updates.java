package dev.accrete.kernels.reference;

import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SgdSynaptic.Segment;
import dev.accrete.core.op.SgdSynaptic.Trajectory;
import dev.accrete.core.op.SparseSgdSynaptic;
import dev.accrete.core.op.SynapticImportance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The update of the flat parameters, and their importance. */
final class Updates {
  private Updates() {}

  static void step(SgdSynaptic sgd, List<Cells> in, List<Cells> out) {
    int size = out.get(0).floats().length;
    out.get(0).copy(0, in.get(1), 0, size);
    out.get(1).copy(0, in.get(3), 0, size);
    out.get(2).copy(0, in.get(4), 0, size);
    for (Segment segment : sgd.segments()) {
      for (int i = segment.offset(); i < segment.offset() + segment.length(); i++) {
        step(sgd, segment, i, in, out);
      }
    }
  }

  /** Unpacks what is sparse and takes the dense step. */
  static void step(SparseSgdSynaptic sparse, List<Cells> in, List<Cells> out) {
    SgdSynaptic sgd = sparse.dense();
    List<Cells> dense = new ArrayList<>(in.subList(0, 5));
    for (Cells packed : in.subList(7, in.size())) {
      Cells unpacked = Cells.of(in.get(1).type());
      Selections.unpack(List.of(packed, in.get(5), in.get(6)), unpacked);
      dense.add(unpacked);
    }
    float[] importance = dense.get(5).floats();
    for (int i = 0; i < importance.length; i++) {
      importance[i] = Math.clamp(-importance[i], 0f, sgd.importanceMax());
    }
    step(sgd, dense, out);
  }

  private static void step(
      SgdSynaptic sgd, Segment segment, int i, List<Cells> in, List<Cells> out) {
    double weight = in.get(1).floats()[i];
    double gradient = in.get(2).floats()[i];
    double u = gradient + segment.weightDecay() * weight;
    if (segment.synaptic() && sgd.penalty() != Penalty.NONE) {
      double importance = in.get(5).floats()[i];
      u =
          sgd.penalty() == Penalty.GRADIENT_SCALE
              ? u * (1 - importance / sgd.importanceMax())
              : u + sgd.strength() * importance * (weight - in.get(6).floats()[i]);
    }
    double rate = (double) in.get(0).floats()[0] * segment.multiplier();
    double velocity = (double) sgd.momentum() * in.get(3).floats()[i] + rate * u;
    double step = sgd.nesterov() ? sgd.momentum() * velocity + rate * u : velocity;
    out.get(0).floats()[i] = (float) (weight - step);
    out.get(1).floats()[i] = (float) velocity;
    if (segment.synaptic()) {
      double factor = sgd.trajectory() == Trajectory.SOLVER_UPDATE ? step : gradient;
      out.get(2).floats()[i] = (float) (in.get(4).floats()[i] + factor * -step);
    }
  }

  static void importance(SynapticImportance op, List<Cells> in, List<Cells> out) {
    float[] weights = in.get(0).floats();
    float[] start = in.get(1).floats();
    float[] trajectory = in.get(2).floats();
    float[] cumulative = in.get(3).floats();
    out.get(1).copy(0, in.get(3), 0, cumulative.length);
    out.get(3).copy(0, in.get(0), 0, weights.length);
    Arrays.fill(out.get(0).floats(), 0);
    Arrays.fill(out.get(2).floats(), 0);
    for (SynapticImportance.Range range : op.ranges()) {
      for (int i = range.offset(); i < range.offset() + range.length(); i++) {
        double way = (double) weights[i] - start[i];
        double sum = cumulative[i] + op.scale() * trajectory[i] / (way * way + op.damping());
        out.get(1).floats()[i] = (float) sum;
        out.get(0).floats()[i] = (float) Math.clamp(-sum, 0.0, op.max());
      }
    }
  }
}
