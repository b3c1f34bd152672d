package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Maximum or average over windows. Input: x [N, C, H, W]. Result: y [N, C, Ho, Wo].
 *
 * <p>Extents are rounded down, or up if {@code ceil} (as Caffe does), where a window that would
 * start in the padding after the image is dropped. An average divides by the number of elements of
 * the window that lie in the image.
 */
public record Pool2d(Kind kind, int kernel, int stride, int pad, boolean ceil) implements Op {
  /** What a window becomes. */
  public enum Kind {
    /** Its largest element. */
    MAX,
    /** The mean of its elements. */
    AVERAGE
  }

  public Pool2d {
    Operands.require(
        kernel > 0 && stride > 0 && pad >= 0 && pad < kernel,
        "Pool2d: kernel and stride must be positive and 0 <= pad < kernel, got kernel "
            + kernel
            + ", stride "
            + stride
            + ", pad "
            + pad);
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Shape x = Operands.ranked(this, inputs, 0, "x", 4);
    return List.of(TensorType.f32(outputShape(x)));
  }

  /** The shape of y for this x. */
  public Shape outputShape(Shape x) {
    return Shape.of(x.dim(0), x.dim(1), extent(x.dim(2)), extent(x.dim(3)));
  }

  private int extent(int size) {
    int span = size + 2 * pad - kernel;
    Operands.require(
        span >= 0, "Pool2d: window of " + kernel + " is larger than the padded extent " + size);
    int extent = (ceil ? Math.ceilDiv(span, stride) : span / stride) + 1;
    return (extent - 1) * stride >= size + pad ? extent - 1 : extent;
  }
}
