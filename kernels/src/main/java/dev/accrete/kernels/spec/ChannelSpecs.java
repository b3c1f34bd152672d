package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.ChannelSum;
import java.util.List;

/** Ops that know which axis holds the channels. */
final class ChannelSpecs {
  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(1, 1, 1, 1),
          Shape.of(3, 3, 5, 7),
          Shape.of(7, 5, 4, 3),
          Shape.of(3, 17, 5, 7),
          Shape.of(1, 33, 6, 2),
          Shape.of(2, 64, 4, 4),
          Shape.of(5, 33),
          Shape.of(1, 7),
          Shape.of(2, 19, 6));

  private ChannelSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        OpSpec.of(AddBias.class, SHAPES.stream().map(ChannelSpecs::addBias).toList()),
        OpSpec.of(ChannelSum.class, SHAPES.stream().map(ChannelSpecs::channelSum).toList()));
  }

  private static OpSpec.Case addBias(Shape x) {
    return OpSpec.Case.of(
        new AddBias(),
        Tolerance.exact(),
        "",
        Operand.smooth("x", TensorType.f32(x), Generator.uniform()),
        Operand.smooth("bias", TensorType.f32(x.dim(1)), Generator.uniform()));
  }

  private static OpSpec.Case channelSum(Shape x) {
    return OpSpec.Case.of(
        new ChannelSum(),
        Tolerance.sum(x.size() / x.dim(1), 1),
        "",
        Operand.of("x", TensorType.f32(x), Generator.uniform()));
  }
}
