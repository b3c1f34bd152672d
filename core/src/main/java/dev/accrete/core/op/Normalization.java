package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/** Shape inference shared by the normalizations. */
final class Normalization {
  private static final int[] IN_PLACE = {0, -1, 3, 4};

  private Normalization() {}

  static List<TensorType> trainingResults(Op op, List<TensorType> inputs) {
    Shape x = Operands.f32(op, inputs, 0, "x");
    Shape channels = Shape.of(x.dim(1));
    String[] operands = {"x", "gamma", "beta", "movingMean", "movingVariance"};
    for (int i = 1; i < operands.length; i++) {
      Operands.shape(op, inputs, i, operands[i], channels);
    }
    TensorType perChannel = TensorType.f32(channels);
    return List.of(inputs.get(0), TensorType.f32(4, x.dim(1)), perChannel, perChannel);
  }

  static int inPlaceInput(int output) {
    return IN_PLACE[output];
  }
}
