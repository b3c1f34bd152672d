package dev.accrete.bench.gpu;

import dev.accrete.core.Precision;
import dev.accrete.core.Shape;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.kernels.spec.OpSpec;
import java.util.List;

/** Cases whose factors are rounded for tensor cores: which there are, and their names. */
final class TensorCores {
  /** The precisions that use them. */
  static final List<Precision> PRECISIONS = List.of(Precision.TF32, Precision.BF16);

  /** What is copied to them at once: other extents stay in fp32. */
  private static final int VECTOR = 4;

  private TensorCores() {}

  /** A case's name in a precision, for example {@code step:ar1-star:bf16}. */
  static String name(String fp32, Precision precision) {
    return precision == Precision.FP32 ? fp32 : fp32 + ":" + precision.label();
  }

  /** The precision of the case with this name, by whatever kernels. */
  static Precision of(String name) {
    return PRECISIONS.stream()
        .filter(precision -> (name + ":").contains(":" + precision.label() + ":"))
        .findFirst()
        .orElse(Precision.FP32);
  }

  /** Whether an op on such operands uses them at all. */
  static boolean take(OpSpec.Case spec) {
    List<Shape> shapes = spec.inputTypes().stream().map(type -> type.shape()).toList();
    return switch (spec.op()) {
      case MatMul ignored ->
          whole(shapes.get(0).dim(0))
              && whole(shapes.get(0).dim(1))
              && whole(shapes.get(1).dim(0))
              && whole(shapes.get(1).dim(1));
      case Conv2d conv -> takes(conv, shapes.get(1));
      case Conv2dInputGrad grad -> takes(grad.conv(), shapes.get(1));
      case Conv2dWeightGrad grad -> takes(grad.conv(), grad.weightShape());
      default -> false;
    };
  }

  private static boolean takes(Conv2d conv, Shape weight) {
    return whole(weight.dim(1)) && whole(weight.dim(0) / conv.groups());
  }

  private static boolean whole(int extent) {
    return extent % VECTOR == 0;
  }
}
