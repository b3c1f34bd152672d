package dev.accrete.kernels.vector.norm;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.core.Shape;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Local response normalization of blocked tensors, a tile per row of one image. The channels of a
 * pixel are gathered side by side with a margin of zeros, where a window is a few shifted loads.
 */
public final class LocalResponse {
  private final LocalResponseNorm norm;
  private final int height;
  private final int width;
  private final int blocks;
  private final int images;

  /** All channels of a pixel, and with the margins. */
  private final int channels;

  private final int margin;
  private final int span;

  /** A normalization of tensors of this shape. */
  public LocalResponse(LocalResponseNorm norm, Shape x) {
    this.norm = norm;
    images = x.dim(0);
    height = x.dim(2);
    width = x.dim(3);
    blocks = Layout.blocks(x);
    channels = blocks * BLOCK;
    margin = norm.size() / 2;
    span = channels + 2 * margin + BLOCK;
  }

  /** y from x, both blocked. */
  public Step forward(TileRunner runner, Operand x, Operand y) {
    runner.reserve(4 * span);
    TileBody body =
        (row, scratch) -> {
          float[] memory = scratch.floats(4 * span);
          Arrays.fill(memory, 0, span, 0f);
          for (int j = 0; j < width; j++) {
            int at = start(row, j);
            int values = 2 * span;
            gather(x.floats, x.offset + at, memory, values);
            square(memory, values, margin);
            base(memory, span);
            power(memory, span, -norm.beta());
            multiply(memory, values, span);
            scatter(memory, values, y.floats, y.offset + at);
          }
        };
    return () -> runner.run(images * height, body);
  }

  /** dx from x and dy, all blocked. */
  public Step backward(TileRunner runner, Operand x, Operand dy, Operand dx) {
    runner.reserve(6 * span);
    float factor = (float) (2.0 * norm.alpha() * norm.beta() / norm.size());
    TileBody body =
        (row, scratch) -> {
          float[] memory = scratch.floats(6 * span);
          Arrays.fill(memory, 0, span, 0f);
          for (int j = 0; j < width; j++) {
            int at = start(row, j);
            gather(x.floats, x.offset + at, memory, 2 * span);
            gather(dy.floats, dy.offset + at, memory, 3 * span);
            pixelGradient(memory, factor);
            scatter(memory, 3 * span, dx.floats, dx.offset + at);
          }
        };
    return () -> runner.run(images * height, body);
  }

  /** x at 2 spans, dy at 3 spans, which dx replaces. */
  private void pixelGradient(float[] memory, float factor) {
    int x = 2 * span;
    int dy = 3 * span;
    int scaled = 4 * span;
    int bases = 5 * span;
    square(memory, x, margin);
    base(memory, span);
    System.arraycopy(memory, span, memory, bases, channels);
    power(memory, span, -norm.beta());
    multiply(memory, dy, span);
    for (int c = 0; c < channels; c += WIDTH) {
      FloatVector own = FloatVector.fromArray(SPECIES, memory, dy + c);
      own.mul(FloatVector.fromArray(SPECIES, memory, x + c))
          .div(FloatVector.fromArray(SPECIES, memory, bases + c))
          .intoArray(memory, scaled + c);
    }
    System.arraycopy(memory, scaled, memory, margin, channels);
    for (int c = 0; c < channels; c += WIDTH) {
      FloatVector own = FloatVector.fromArray(SPECIES, memory, dy + c);
      FloatVector value = FloatVector.fromArray(SPECIES, memory, x + c);
      own.sub(value.mul(factor).mul(window(memory, c))).intoArray(memory, dy + c);
    }
  }

  /** Where pixel {@code j} of a row of an image starts in block 0. */
  private int start(int row, int j) {
    return (row / height * blocks * height + row % height) * width * BLOCK + j * BLOCK;
  }

  private void gather(float[] from, int at, float[] memory, int to) {
    for (int block = 0; block < blocks; block++) {
      System.arraycopy(
          from, at + block * height * width * BLOCK, memory, to + block * BLOCK, BLOCK);
    }
  }

  private void scatter(float[] memory, int from, float[] to, int at) {
    for (int block = 0; block < blocks; block++) {
      System.arraycopy(
          memory, from + block * BLOCK, to, at + block * height * width * BLOCK, BLOCK);
    }
  }

  private void square(float[] memory, int from, int to) {
    for (int c = 0; c < channels; c += WIDTH) {
      FloatVector value = FloatVector.fromArray(SPECIES, memory, from + c);
      value.mul(value).intoArray(memory, to + c);
    }
  }

  /** k + alpha / size * (sum of the window of squares). */
  private void base(float[] memory, int to) {
    FloatVector k = FloatVector.broadcast(SPECIES, norm.k());
    FloatVector alpha = FloatVector.broadcast(SPECIES, norm.alpha() / norm.size());
    for (int c = 0; c < channels; c += WIDTH) {
      window(memory, c).fma(alpha, k).intoArray(memory, to + c);
    }
  }

  private FloatVector window(float[] memory, int channel) {
    FloatVector sum = FloatVector.fromArray(SPECIES, memory, channel);
    for (int i = 1; i < norm.size(); i++) {
      sum = sum.add(FloatVector.fromArray(SPECIES, memory, channel + i));
    }
    return sum;
  }

  private void power(float[] memory, int at, float exponent) {
    if (exponent != -0.75f) {
      for (int c = at; c < at + channels; c++) {
        memory[c] = (float) Math.pow(memory[c], exponent);
      }
      return;
    }
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int c = at; c < at + channels; c += WIDTH) {
      FloatVector root = FloatVector.fromArray(SPECIES, memory, c).sqrt();
      one.div(root.mul(root.sqrt())).intoArray(memory, c);
    }
  }

  private void multiply(float[] memory, int at, int factors) {
    for (int c = 0; c < channels; c += WIDTH) {
      FloatVector.fromArray(SPECIES, memory, at + c)
          .mul(FloatVector.fromArray(SPECIES, memory, factors + c))
          .intoArray(memory, at + c);
    }
  }
}
