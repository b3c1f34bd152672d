package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Two-dimensional cross-correlation, zero-padded.
 *
 * <p>Inputs: x [N, C, H, W], weight [K, C/groups, R, S]. Result: y [N, K, Ho, Wo] with {@code Ho =
 * (H + 2 padH - R) / strideH + 1} rounded down, likewise Wo. {@code groups == C} is a depthwise
 * convolution. A bias is a separate {@link AddBias}.
 */
public record Conv2d(int strideH, int strideW, int padH, int padW, int groups) implements Op {
  public Conv2d {
    Operands.require(
        strideH > 0 && strideW > 0 && padH >= 0 && padW >= 0 && groups > 0,
        "Conv2d: strides and groups must be positive and paddings not negative, got strides "
            + strideH
            + "x"
            + strideW
            + ", paddings "
            + padH
            + "x"
            + padW
            + ", groups "
            + groups);
  }

  /** A convolution with the same stride and padding both ways and one group. */
  public static Conv2d of(int stride, int pad) {
    return new Conv2d(stride, stride, pad, pad, 1);
  }

  /** A depthwise convolution of {@code channels} channels. */
  public static Conv2d depthwise(int channels, int stride, int pad) {
    return new Conv2d(stride, stride, pad, pad, channels);
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Shape x = Operands.ranked(this, inputs, 0, "x", 4);
    Shape weight = Operands.ranked(this, inputs, 1, "weight", 4);
    return List.of(TensorType.f32(outputShape(x, weight)));
  }

  /** The shape of y for these operands. */
  public Shape outputShape(Shape x, Shape weight) {
    Operands.require(
        x.dim(1) == weight.dim(1) * groups && weight.dim(0) % groups == 0,
        "Conv2d: weight " + weight + " in " + groups + " groups does not fit x " + x);
    int paddedH = x.dim(2) + 2 * padH;
    int paddedW = x.dim(3) + 2 * padW;
    Operands.require(
        paddedH >= weight.dim(2) && paddedW >= weight.dim(3),
        "Conv2d: kernel " + weight + " is larger than padded x " + x);
    return Shape.of(
        x.dim(0),
        weight.dim(0),
        (paddedH - weight.dim(2)) / strideH + 1,
        (paddedW - weight.dim(3)) / strideW + 1);
  }

  @Override
  public long macs(List<TensorType> inputs) {
    Shape weight = inputs.get(1).shape();
    Shape y = outputShape(inputs.get(0).shape(), weight);
    return (long) y.size() * weight.dim(1) * weight.dim(2) * weight.dim(3);
  }
}
