package dev.accrete.kernels.vector.op;

import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Ops that treat every element alike: operands of one layout, cut into runs of consecutive
 * elements.
 */
public final class Elements {
  private static final int RUN = 1 << 14;

  private Elements() {}

  /** Something done to elements {@code [from, to)}, counted from the operands' first. */
  public interface Loop {
    void run(int from, int to);
  }

  /** The step that does {@code loop} to {@code length} elements. */
  public static Step step(TileRunner runner, int length, Loop loop) {
    int tiles = Math.ceilDiv(length, RUN);
    TileBody body = (tile, scratch) -> loop.run(tile * RUN, Math.min(length, tile * RUN + RUN));
    return () -> runner.run(tiles, body);
  }

  /** y = max(x, 0); NaN stays NaN. */
  public static Loop relu(Operand x, Operand y) {
    return (from, to) -> {
      FloatVector zero = FloatVector.zero(SPECIES);
      for (int i = from; i < to; i += WIDTH) {
        VectorMask<Float> rest = SPECIES.indexInRange(i, to);
        FloatVector.fromArray(SPECIES, x.floats, x.offset + i, rest)
            .max(zero)
            .intoArray(y.floats, y.offset + i, rest);
      }
    };
  }

  /** y = a + b. */
  public static Loop add(Operand a, Operand b, Operand y) {
    return (from, to) -> {
      for (int i = from; i < to; i += WIDTH) {
        VectorMask<Float> rest = SPECIES.indexInRange(i, to);
        FloatVector.fromArray(SPECIES, a.floats, a.offset + i, rest)
            .add(FloatVector.fromArray(SPECIES, b.floats, b.offset + i, rest))
            .intoArray(y.floats, y.offset + i, rest);
      }
    };
  }

  /** dx = dy where y is positive, else 0. */
  public static Loop reluGrad(Operand y, Operand dy, Operand dx) {
    return (from, to) -> {
      FloatVector zero = FloatVector.zero(SPECIES);
      for (int i = from; i < to; i += WIDTH) {
        VectorMask<Float> rest = SPECIES.indexInRange(i, to);
        VectorMask<Float> on =
            FloatVector.fromArray(SPECIES, y.floats, y.offset + i, rest)
                .compare(VectorOperators.GT, 0f);
        zero.blend(FloatVector.fromArray(SPECIES, dy.floats, dy.offset + i, rest), on)
            .intoArray(dx.floats, dx.offset + i, rest);
      }
    };
  }

  /** y = value. */
  public static Loop fill(float value, Operand y) {
    return (from, to) -> Arrays.fill(y.floats, y.offset + from, y.offset + to, value);
  }

  /** y = x. */
  public static Loop copy(Operand x, Operand y) {
    return (from, to) ->
        System.arraycopy(x.floats, x.offset + from, y.floats, y.offset + from, to - from);
  }
}
