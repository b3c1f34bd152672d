package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Ops on one element at a time. */
final class ElementSpecs {
  static final List<Shape> SHAPES =
      List.of(
          Shape.of(1),
          Shape.of(33),
          Shape.of(3, 17),
          Shape.of(1, 1, 1, 1),
          Shape.of(3, 17, 5, 7),
          Shape.of(2, 33, 4, 3),
          Shape.of(7, 16, 2, 2));

  static final Shape LARGE = Shape.of(32, 64, 64, 64);

  private ElementSpecs() {}

  static List<OpSpec> all() {
    return List.of(
        new OpSpec(Add.class, SHAPES.stream().map(ElementSpecs::add).toList(), List.of(add(LARGE))),
        OpSpec.of(Dropout.class, dropouts()),
        OpSpec.of(Fill.class, fills()),
        OpSpec.of(Reshape.class, reshapes()),
        new OpSpec(
            NormalizeImage.class,
            images(),
            List.of(image(Shape.of(128, 3, 128, 128), 128, 128, 4))));
  }

  private static OpSpec.Case add(Shape shape) {
    return OpSpec.Case.of(
        new Add(),
        Tolerance.exact(),
        "",
        Operand.smooth("a", TensorType.f32(shape), Generator.uniform()),
        Operand.smooth("b", TensorType.f32(shape), Generator.uniform()));
  }

  private static List<OpSpec.Case> dropouts() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (float rate : new float[] {0, 0.5f, 0.3f}) {
      for (Shape shape : List.of(Shape.of(5, 33), Shape.of(3, 17, 5, 7))) {
        cases.add(
            OpSpec.Case.of(
                new Dropout(rate),
                Tolerance.roundings(4, 0),
                "",
                Operand.smooth("x", TensorType.f32(shape), Generator.awayFromZero()),
                Operand.of("key", TensorType.i32(4), Generator.words())));
      }
    }
    return cases;
  }

  private static List<OpSpec.Case> fills() {
    return Stream.of(Shape.SCALAR, Shape.of(33), Shape.of(3, 17, 5, 7))
        .map(shape -> OpSpec.Case.of(new Fill(0.75f, shape), Tolerance.exact(), ""))
        .toList();
  }

  private static List<OpSpec.Case> reshapes() {
    return List.of(
        reshape(Shape.of(3, 17, 5, 7), Shape.of(3, 595)),
        reshape(Shape.of(3, 595), Shape.of(3, 17, 5, 7)),
        reshape(Shape.of(2, 33), Shape.of(2, 33, 1, 1)),
        reshape(Shape.of(2, 33, 1, 1), Shape.of(2, 33)),
        reshape(Shape.of(2, 6, 4, 5), Shape.of(3, 5, 2, 8)),
        reshape(Shape.of(1), Shape.SCALAR),
        reshape(Shape.of(60), Shape.of(3, 4, 5)));
  }

  private static OpSpec.Case reshape(Shape from, Shape to) {
    return OpSpec.Case.of(
        new Reshape(to),
        Tolerance.exact(),
        "",
        Operand.smooth("x", TensorType.f32(from), Generator.uniform()));
  }

  private static List<OpSpec.Case> images() {
    return List.of(
        image(Shape.of(3, 3, 9, 11), 9, 11, 0),
        image(Shape.of(7, 3, 9, 11), 9, 11, 4),
        image(Shape.of(2, 1, 12, 10), 7, 5, 3),
        image(Shape.of(2, 3, 6, 5), 10, 17, 2),
        image(Shape.of(3, 17, 4, 4), 4, 4, 6));
  }

  static OpSpec.Case image(Shape images, int height, int width, int shift) {
    List<Float> mean = new ArrayList<>();
    List<Float> std = new ArrayList<>();
    for (int c = 0; c < images.dim(1); c++) {
      mean.add(123.675f - 3 * c);
      std.add(58.4f + c);
    }
    return OpSpec.Case.of(
        new NormalizeImage(mean, std, height, width),
        Tolerance.roundings(4, 4 * 255 / 58.4),
        shift == 0 ? "" : "shifts to " + shift,
        Operand.of("images", new TensorType(dev.accrete.core.DType.U8, images), Generator.bytes()),
        Operand.of("augment", TensorType.i32(images.dim(0), 3), Generator.augmentations(shift)));
  }
}
