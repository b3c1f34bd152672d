package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.ChannelSum;
import dev.accrete.core.op.Concat;
import dev.accrete.core.op.Slice;
import dev.accrete.core.op.SliceGrad;
import java.util.ArrayList;
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
        OpSpec.of(ChannelSum.class, SHAPES.stream().map(ChannelSpecs::channelSum).toList()),
        OpSpec.of(
            Concat.class,
            List.of(
                concat(Shape.of(3, 17, 5, 7), 17),
                concat(Shape.of(2, 1, 4, 3), 3, 17, 5),
                concat(Shape.of(2, 1, 3, 3), 16, 32, 16),
                concat(Shape.of(7, 1, 2, 2), 33, 1),
                concat(Shape.of(4, 1), 5, 33))),
        OpSpec.of(
            Slice.class,
            List.of(
                slice(Shape.of(3, 17, 5, 7), 0, 17),
                slice(Shape.of(2, 33, 4, 3), 5, 21),
                slice(Shape.of(2, 64, 3, 3), 16, 48),
                slice(Shape.of(7, 5, 2, 2), 4, 5),
                slice(Shape.of(4, 33), 3, 30))),
        OpSpec.of(
            SliceGrad.class,
            List.of(
                sliceGrad(Shape.of(3, 17, 5, 7), 0, 17, 17),
                sliceGrad(Shape.of(2, 16, 4, 3), 5, 21, 33),
                sliceGrad(Shape.of(2, 32, 3, 3), 16, 48, 64),
                sliceGrad(Shape.of(7, 1, 2, 2), 4, 5, 5),
                sliceGrad(Shape.of(4, 27), 3, 30, 33))));
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

  private static OpSpec.Case concat(Shape like, int... channels) {
    List<Operand> parts = new ArrayList<>();
    for (int c : channels) {
      TensorType type = TensorType.f32(like.withDim(1, c));
      parts.add(Operand.smooth("part" + parts.size(), type, Generator.uniform()));
    }
    return OpSpec.Case.of(new Concat(), Tolerance.exact(), "", parts.toArray(Operand[]::new));
  }

  private static OpSpec.Case slice(Shape x, int from, int to) {
    return OpSpec.Case.of(
        new Slice(from, to),
        Tolerance.exact(),
        "",
        Operand.smooth("x", TensorType.f32(x), Generator.uniform()));
  }

  private static OpSpec.Case sliceGrad(Shape dy, int from, int to, int channels) {
    return OpSpec.Case.of(
        new SliceGrad(new Slice(from, to), channels),
        Tolerance.exact(),
        "",
        Operand.of("dy", TensorType.f32(dy), Generator.uniform()));
  }
}
