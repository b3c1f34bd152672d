package dev.accrete.kernels.vector.op;

import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;

import dev.accrete.core.Shape;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Image bytes to planar normalized floats: {@code (byte - mean) * (1 / std)} in double precision,
 * which rounded to floats is the quotient to the bit, but for one in some hundred million.
 */
public final class Images {
  private static final VectorSpecies<Double> DOUBLES =
      SPECIES.vectorShape().withLanes(double.class);
  private static final int WIDTH = DOUBLES.length();

  private static final VectorSpecies<Float> FLOATS = shape(Float.SIZE).withLanes(float.class);
  private static final VectorSpecies<Integer> INTS = shape(Integer.SIZE).withLanes(int.class);
  private static final VectorSpecies<Byte> BYTES = shape(Byte.SIZE).withLanes(byte.class);

  private static final VectorShuffle<Float> REVERSED =
      VectorShuffle.fromOp(FLOATS, i -> WIDTH - 1 - i);

  /** For as many lanes of so many bits as there are doubles; no vector has less than 64 bits. */
  private static VectorShape shape(int bits) {
    return VectorShape.forBitSize(Math.max(64, WIDTH * bits));
  }

  private Images() {}

  /** y from bytes, flipped and moved as {@code augment} says. */
  public static Step normalize(
      TileRunner runner, NormalizeImage op, Operand images, Operand augment, Operand y) {
    int channels = op.mean().size();
    TileBody body =
        (plane, scratch) -> {
          int choice = augment.offset + plane / channels * 3;
          boolean flip = augment.ints[choice] != 0;
          int top = augment.ints[choice + 1];
          int left = augment.ints[choice + 2];
          plane(images, plane, flip, top, left, op, y);
        };
    return () -> runner.run(images.shape().dim(0) * channels, body);
  }

  private static void plane(
      Operand images, int plane, boolean flip, int top, int left, NormalizeImage op, Operand y) {
    Shape shape = images.shape();
    int width = shape.dim(3);
    int channel = plane % op.mean().size();
    double mean = op.mean().get(channel);
    double factor = 1 / (double) op.std().get(channel);
    for (int i = 0; i < op.height(); i++) {
      int to = y.offset + (plane * op.height() + i) * op.width();
      int row = i + top;
      if (row < 0 || row >= shape.dim(2)) {
        Arrays.fill(y.floats, to, to + op.width(), 0f);
        continue;
      }
      int from = images.offset + (plane * shape.dim(2) + row) * width;
      // Output column j reads input column first + j, or first - j; [begin, end) are inside.
      int first = flip ? width - 1 - left : left;
      int begin = Math.clamp(flip ? (long) first - width + 1 : -(long) first, 0, op.width());
      int end = Math.clamp(flip ? (long) first + 1 : (long) width - first, begin, op.width());
      Arrays.fill(y.floats, to, to + begin, 0f);
      Arrays.fill(y.floats, to + end, to + op.width(), 0f);
      if (flip) {
        backward(images.bytes, from + first - begin, mean, factor, y.floats, to + begin, to + end);
      } else {
        forward(images.bytes, from + first + begin, mean, factor, y.floats, to + begin, to + end);
      }
    }
  }

  private static void forward(
      byte[] bytes, int from, double mean, double factor, float[] y, int begin, int end) {
    int i = begin;
    int at = from;
    for (; i <= end - WIDTH && at <= bytes.length - BYTES.length(); i += WIDTH) {
      normalized(bytes, at, mean, factor).intoArray(y, i);
      at += WIDTH;
    }
    for (; i < end; i++) {
      y[i] = normalized(bytes[at++], mean, factor);
    }
  }

  /** The same from right to left: the byte at {@code from} is the first. */
  private static void backward(
      byte[] bytes, int from, double mean, double factor, float[] y, int begin, int end) {
    int i = begin;
    int at = from;
    for (; i <= end - WIDTH && at - WIDTH + 1 <= bytes.length - BYTES.length(); i += WIDTH) {
      normalized(bytes, at - WIDTH + 1, mean, factor).rearrange(REVERSED).intoArray(y, i);
      at -= WIDTH;
    }
    for (; i < end; i++) {
      y[i] = normalized(bytes[at--], mean, factor);
    }
  }

  private static FloatVector normalized(byte[] bytes, int at, double mean, double factor) {
    Vector<Integer> levels =
        ByteVector.fromArray(BYTES, bytes, at)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    DoubleVector doubles = (DoubleVector) levels.convertShape(VectorOperators.I2D, DOUBLES, 0);
    return (FloatVector) doubles.sub(mean).mul(factor).convertShape(VectorOperators.D2F, FLOATS, 0);
  }

  private static float normalized(byte level, double mean, double factor) {
    return (float) (((level & 0xFF) - mean) * factor);
  }
}
