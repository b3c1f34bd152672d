package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.ChannelMoments;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.GlobalAveragePoolGrad;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.LocalResponseNormGrad;
import dev.accrete.core.op.Pool2d;
import dev.accrete.core.op.Pool2dGrad;
import java.util.ArrayList;
import java.util.List;

/** Pooling and local response normalization. */
final class PoolingSpecs {
  private record Window(Shape x, int kernel, int stride, int pad, boolean ceil) {
    String note() {
      return ceil ? "ceil" : "";
    }
  }

  private static final List<Window> WINDOWS =
      List.of(
          new Window(Shape.of(1, 1, 1, 1), 1, 1, 0, false),
          new Window(Shape.of(3, 17, 8, 6), 2, 2, 0, false),
          new Window(Shape.of(2, 5, 7, 9), 3, 2, 0, false),
          new Window(Shape.of(2, 5, 8, 10), 3, 2, 0, true),
          new Window(Shape.of(1, 33, 9, 6), 3, 2, 1, false),
          new Window(Shape.of(7, 3, 6, 8), 3, 2, 1, true),
          new Window(Shape.of(2, 16, 5, 4), 3, 1, 1, false),
          new Window(Shape.of(1, 3, 5, 6), 2, 3, 1, true),
          new Window(Shape.of(3, 9, 4, 4), 4, 4, 0, false),
          new Window(Shape.of(1, 2, 5, 5), 3, 5, 2, true));

  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(1, 1, 1, 1),
          Shape.of(3, 17, 5, 7),
          Shape.of(7, 33, 2, 3),
          Shape.of(2, 64, 4, 4),
          Shape.of(1, 3, 9, 11));

  private PoolingSpecs() {}

  static List<OpSpec> all() {
    List<OpSpec.Case> pools = new ArrayList<>();
    List<OpSpec.Case> grads = new ArrayList<>();
    for (Window window : WINDOWS) {
      for (Pool2d.Kind kind : Pool2d.Kind.values()) {
        pools.add(pool(kind, window));
        grads.add(grad(kind, window, Generator.distinct(), window.note()));
      }
      pools.add(tied(window));
      String note = window.note() + " ties";
      grads.add(grad(Pool2d.Kind.MAX, window, Generator.whole(-2, 2), note.strip()));
    }
    return List.of(
        OpSpec.of(Pool2d.class, pools),
        OpSpec.of(Pool2dGrad.class, grads),
        OpSpec.of(GlobalAveragePool.class, SHAPES.stream().map(PoolingSpecs::average).toList()),
        OpSpec.of(ChannelMoments.class, moments()),
        OpSpec.of(
            GlobalAveragePoolGrad.class, SHAPES.stream().map(PoolingSpecs::averageGrad).toList()),
        OpSpec.of(LocalResponseNorm.class, responses()),
        OpSpec.of(LocalResponseNormGrad.class, responseGrads()));
  }

  private static Pool2d op(Pool2d.Kind kind, Window window) {
    return new Pool2d(kind, window.kernel(), window.stride(), window.pad(), window.ceil());
  }

  private static Tolerance tolerance(Pool2d.Kind kind, Window window) {
    return kind == Pool2d.Kind.MAX
        ? Tolerance.exact()
        : Tolerance.roundings(8, 8.0 + window.kernel() * window.kernel());
  }

  private static OpSpec.Case pool(Pool2d.Kind kind, Window window) {
    boolean max = kind == Pool2d.Kind.MAX;
    return OpSpec.Case.of(
        op(kind, window),
        tolerance(kind, window),
        window.note(),
        Operand.smooth(
            "x", TensorType.f32(window.x()), max ? Generator.distinct() : Generator.uniform()));
  }

  private static OpSpec.Case tied(Window window) {
    return OpSpec.Case.of(
        op(Pool2d.Kind.MAX, window),
        Tolerance.exact(),
        "all negative",
        Operand.of("x", TensorType.f32(window.x()), Generator.whole(-5, -1)));
  }

  private static OpSpec.Case grad(Pool2d.Kind kind, Window window, Generator x, String note) {
    Pool2d pool = op(kind, window);
    int overlaps = window.kernel() * window.kernel();
    return OpSpec.Case.of(
        new Pool2dGrad(pool),
        Tolerance.roundings(8, overlaps),
        note,
        Operand.of("x", TensorType.f32(window.x()), x),
        Operand.of("dy", TensorType.f32(pool.outputShape(window.x())), Generator.uniform()));
  }

  static OpSpec.Case average(Shape x) {
    return OpSpec.Case.of(
        new GlobalAveragePool(),
        Tolerance.roundings(8, 8),
        "",
        Operand.smooth("x", TensorType.f32(x), Generator.uniform()));
  }

  private static List<OpSpec.Case> moments() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (Shape shape : SHAPES) {
      cases.add(moments(shape));
    }
    // Far from 0 the squares would cancel if they were not those of differences.
    cases.add(moments(Shape.of(2, 5, 9, 11), Generator.uniform(4096, 4098), "far from 0"));
    cases.add(moments(Shape.of(1, 17, 48, 40), Generator.uniform(), "large planes"));
    return cases;
  }

  static OpSpec.Case moments(Shape x) {
    return moments(x, Generator.uniform(), "");
  }

  private static OpSpec.Case moments(Shape x, Generator values, String note) {
    return new OpSpec.Case(
        new ChannelMoments(),
        List.of(Operand.of("x", TensorType.f32(x), values)),
        List.of(Tolerance.roundings(8, 8), Tolerance.roundings(16, 16)),
        note);
  }

  static OpSpec.Case averageGrad(Shape x) {
    return OpSpec.Case.of(
        new GlobalAveragePoolGrad(x.dim(2), x.dim(3)),
        Tolerance.roundings(4, 0),
        "",
        Operand.of("dy", TensorType.f32(x.dim(0), x.dim(1)), Generator.uniform()));
  }

  /** AlexNet's constants, wide and narrow ones, and channels fewer than the window. */
  private static List<LocalResponseNorm> norms() {
    return List.of(
        new LocalResponseNorm(5, 1e-4f, 0.75f, 1),
        new LocalResponseNorm(5, 1, 0.75f, 2),
        new LocalResponseNorm(3, 0.5f, 0.5f, 1),
        new LocalResponseNorm(1, 2, 1, 0.5f));
  }

  private static List<OpSpec.Case> responses() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (LocalResponseNorm norm : norms()) {
      for (Shape shape : SHAPES) {
        cases.add(
            OpSpec.Case.of(
                norm,
                Tolerance.roundings(32, 4),
                "",
                Operand.smooth("x", TensorType.f32(shape), Generator.uniform(-2, 2))));
      }
    }
    return cases;
  }

  private static List<OpSpec.Case> responseGrads() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (LocalResponseNorm norm : norms()) {
      for (Shape shape : SHAPES) {
        cases.add(
            OpSpec.Case.of(
                new LocalResponseNormGrad(norm),
                // Two terms of about the size of dy cancel in part.
                Tolerance.roundings(32, 128),
                "",
                Operand.of("x", TensorType.f32(shape), Generator.uniform(-2, 2)),
                Operand.of("dy", TensorType.f32(shape), Generator.uniform())));
      }
    }
    return cases;
  }
}
