package dev.accrete.bench.gpu;

import dev.accrete.core.DType;
import dev.accrete.core.Precision;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.cuda.CoreChoice;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Products in TF32 and bf16 by each kind of kernels, so that one run tells which is faster where.
 */
final class TensorCoreCases {
  /** What all of them are listed under. */
  static final String FAMILY = "product on tensor cores";

  /** Few enough rows for the reference backend. */
  private static final int SIBLING_ROWS = 64;

  private static final int SIBLING_IMAGES = 2;

  private TensorCoreCases() {}

  /** An op at the shape that is timed, and on few rows. */
  private record Pair(OpSpec.Case spec, OpSpec.Case sibling) {}

  static List<GpuCases.Case> all(GpuCases.Size size) {
    List<Pair> pairs = new ArrayList<>();
    if (size == GpuCases.Size.QUICK) {
      pairs.add(product(68));
    } else {
      List.of(1024, 4096, 8192).forEach(n -> pairs.add(product(n)));
      pairs.addAll(pointwise(size.miniBatch(), 64, 32, 128));
      pairs.addAll(pointwise(size.miniBatch(), 512, 8, 512));
    }
    List<GpuCases.Case> cases = new ArrayList<>();
    for (Pair pair : pairs) {
      for (Precision precision : List.of(Precision.TF32, Precision.BF16)) {
        for (CoreChoice core : List.of(CoreChoice.PORTABLE, CoreChoice.HOPPER)) {
          cases.add(one(pair, precision, core));
        }
      }
    }
    return cases;
  }

  private static GpuCases.Case one(Pair pair, Precision precision, CoreChoice core) {
    return new GpuCases.Case(
        OpNames.name(pair.spec) + ":" + precision.label() + ":" + core.label(),
        FAMILY,
        bench -> new OpWorkload(bench.choosing(precision, core), pair.spec, pair.sibling));
  }

  private static Pair product(int n) {
    MatMul op = new MatMul(false, false);
    int rows = Math.min(n, SIBLING_ROWS);
    return new Pair(
        at(op, Shape.of(n, n), Shape.of(n, n)), at(op, Shape.of(rows, n), Shape.of(n, rows)));
  }

  /** A convolution of single pixels and its gradients. */
  private static List<Pair> pointwise(int images, int channels, int side, int filters) {
    Conv2d op = Conv2d.of(1, 0);
    List<OpSpec.Case> full = pointwise(op, images, channels, side, filters);
    List<OpSpec.Case> few = pointwise(op, SIBLING_IMAGES, channels, side, filters);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < full.size(); i++) {
      pairs.add(new Pair(full.get(i), few.get(i)));
    }
    return pairs;
  }

  private static List<OpSpec.Case> pointwise(
      Conv2d op, int images, int channels, int side, int filters) {
    Shape x = Shape.of(images, channels, side, side);
    Shape weight = Shape.of(filters, channels, 1, 1);
    Shape y = op.outputShape(x, weight);
    return List.of(
        at(op, x, weight),
        at(new Conv2dInputGrad(op, x), y, weight),
        at(new Conv2dWeightGrad(op, weight), x, y));
  }

  private static OpSpec.Case at(Op op, Shape... shapes) {
    return OpSpecs.at(op, Arrays.stream(shapes).map(s -> new TensorType(DType.F32, s)).toList())
        .orElseThrow(() -> new IllegalStateException(op.name() + " has no spec of shapes"));
  }
}
