package dev.accrete.bench.gpu;

import dev.accrete.core.TensorType;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.TriangularSolve;
import dev.accrete.kernels.spec.OpSpec;
import java.util.stream.Collectors;

/** What cases of ops are called, here and in the scripts of peers. */
final class OpNames {
  private OpNames() {}

  /**
   * Op, operand shapes and what else tells cases apart, for example {@code
   * Conv2d:128x3x128x128:32x3x3x3:s2}.
   */
  static String name(OpSpec.Case spec) {
    String more =
        switch (spec.op()) {
          case Conv2d conv -> stride(conv);
          case Conv2dInputGrad grad -> stride(grad.conv());
          // Without it, pointwise and depthwise gradients could have the same name.
          case Conv2dWeightGrad grad -> ":to" + grad.weightShape() + stride(grad.conv());
          case MatMul product ->
              (product.transposeA() ? ":ta" : "") + (product.transposeB() ? ":tb" : "");
          case TriangularSolve solve -> solve.transposed() ? ":t" : "";
          default -> "";
        };
    return spec.op().name() + ":" + shapes(spec) + more;
  }

  /** The shapes of the operands, for example {@code 32x64:64x50}. */
  static String shapes(OpSpec.Case spec) {
    return spec.inputTypes().stream()
        .map(TensorType::shape)
        .map(Object::toString)
        .collect(Collectors.joining(":"));
  }

  /** The family: the op, and what its kernels depend on. */
  static String family(Op op) {
    return switch (op) {
      case Conv2d conv -> kind(conv) + " forward";
      case Conv2dInputGrad grad -> kind(grad.conv()) + " input gradient";
      case Conv2dWeightGrad grad -> kind(grad.conv()) + " weight gradient";
      default -> op.name();
    };
  }

  private static String stride(Conv2d conv) {
    return conv.strideH() == 1 ? "" : ":s" + conv.strideH();
  }

  private static String kind(Conv2d conv) {
    return conv.groups() > 1 ? "depthwise" : conv.padH() > 0 ? "convolution" : "pointwise";
  }
}
