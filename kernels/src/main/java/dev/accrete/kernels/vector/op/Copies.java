package dev.accrete.kernels.vector.op;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.core.Shape;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;

/** Moving elements: between layouts, and as they are. */
public final class Copies {
  private Copies() {}

  /** A canonical tensor into the blocked layout, padding lanes 0. */
  public static void block(float[] from, int at, Shape shape, float[] to, int out) {
    for (int image = 0; image < shape.dim(0); image++) {
      block(from, at, shape, to, out, image);
    }
  }

  /** Image {@code image} of that. */
  public static void block(float[] from, int at, Shape shape, float[] to, int out, int image) {
    int channels = shape.dim(1);
    int spatial = shape.spatialSize();
    int blocks = Layout.blocks(shape);
    for (int c = 0; c < blocks * BLOCK; c++) {
      int target = out + ((image * blocks + c / BLOCK) * spatial) * BLOCK + c % BLOCK;
      int source = at + (image * channels + c) * spatial;
      for (int p = 0; p < spatial; p++) {
        to[target + p * BLOCK] = c < channels ? from[source + p] : 0;
      }
    }
  }

  /** A blocked tensor into canonical order. */
  public static void unblock(float[] from, int at, Shape shape, float[] to, int out) {
    for (int image = 0; image < shape.dim(0); image++) {
      unblock(from, at, shape, to, out, image);
    }
  }

  private static void unblock(float[] from, int at, Shape shape, float[] to, int out, int image) {
    int channels = shape.dim(1);
    int spatial = shape.spatialSize();
    int blocks = Layout.blocks(shape);
    for (int c = 0; c < channels; c++) {
      int source = at + ((image * blocks + c / BLOCK) * spatial) * BLOCK + c % BLOCK;
      int target = out + (image * channels + c) * spatial;
      for (int p = 0; p < spatial; p++) {
        to[target + p] = from[source + p * BLOCK];
      }
    }
  }

  /** From one layout into another. */
  public static Step convert(TileRunner runner, Operand x, Operand y) {
    Shape shape = x.shape();
    if (x.layout == y.layout) {
      return Elements.step(runner, x.length(), Elements.copy(x, y));
    }
    TileBody body =
        x.layout == Layout.CANONICAL
            ? (image, scratch) -> block(x.floats, x.offset, shape, y.floats, y.offset, image)
            : (image, scratch) -> unblock(x.floats, x.offset, shape, y.floats, y.offset, image);
    return () -> runner.run(shape.dim(0), body);
  }

  /** All elements of x, of whatever type; both canonical. */
  public static Step whole(Operand x, Operand y) {
    int size = x.shape().size();
    return switch (x.type.dtype()) {
      case F32 -> () -> System.arraycopy(x.floats, x.offset, y.floats, y.offset, size);
      case F64 -> () -> System.arraycopy(x.doubles, x.offset, y.doubles, y.offset, size);
      case I32 -> () -> System.arraycopy(x.ints, x.offset, y.ints, y.offset, size);
      case U8 -> () -> System.arraycopy(x.bytes, x.offset, y.bytes, y.offset, size);
    };
  }
}
