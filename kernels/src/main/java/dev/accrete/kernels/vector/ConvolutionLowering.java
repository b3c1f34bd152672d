package dev.accrete.kernels.vector;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Convolutions and their gradients. Those of one geometry and one weight share their packed
 * weights, which are packed anew only when the weight changed.
 */
final class ConvolutionLowering {
  private final Program program;
  private final VectorStore store;
  private final TileRunner runner;
  private final Clock clock;
  private final MapLowering maps;
  private final GradientLowering gradients;
  private final Map<Key, Bound> convolutions = new HashMap<>();

  private record Key(ConvGeometry geometry, Value weight) {}

  ConvolutionLowering(
      Program program,
      VectorStore store,
      TileRunner runner,
      Clock clock,
      MapLowering maps,
      GradientLowering gradients) {
    this.maps = maps;
    this.gradients = gradients;
    this.program = program;
    this.store = store;
    this.runner = runner;
    this.clock = clock;
  }

  void forward(Conv2d conv, List<Value> in, Value result) {
    Source x = input(in.get(0));
    Operand weight = program.canonical(in.get(1));
    Bound bound = bound(conv, in.get(0).type().shape(), x.base(), in.get(1), weight);
    Operand y = program.blockedResult(result);
    Epilogue epilogue = maps.epilogue(result, y, bound.convolution.forwardParts());
    program.emit(
        () -> {
          bound.refresh();
          epilogue.begin();
          bound.convolution.forward(x, y.floats, y.offset, epilogue);
        },
        touched(epilogue, x, weight, y));
  }

  void inputGrad(Conv2dInputGrad op, List<Value> in, Value result) {
    Source dy = gradients.loadedFirst(in.get(0));
    Operand weight = program.canonical(in.get(1));
    Operand dx = program.blockedResult(result);
    Bound bound = bound(op.conv(), op.inputShape(), dx, in.get(1), weight);
    Epilogue epilogue = gradients.epilogue(result, dx, bound.convolution.inputGradParts());
    Instruction instruction =
        program.emit(
            () -> {
              bound.refresh();
              epilogue.begin();
              bound.convolution.inputGrad(dy, dx.floats, dx.offset, epilogue);
            },
            touched(epilogue, dy, weight, dx));
    if (dy instanceof StoredGradient stored) {
      instruction.inPlace(stored.gradient().base(), stored.base());
    }
  }

  void weightGrad(Conv2dWeightGrad op, List<Value> in, Value result) {
    Source x = input(in.get(0));
    Source dy = program.source(in.get(1));
    Operand dw = program.canonicalResult(result);
    boolean planar = x.base().layout == Layout.CANONICAL;
    ConvGeometry geometry =
        ConvGeometry.of(op.conv(), in.get(0).type().shape(), op.weightShape(), planar);
    Convolution convolution = Convolutions.plan(geometry, runner);
    program.emit(
        () -> convolution.weightGrad(x, dy, dw.floats, dw.offset),
        Stream.of(x.operands(), dy.operands(), List.of(dw)).flatMap(List::stream).toList());
  }

  private static List<Operand> touched(
      Epilogue epilogue, Source source, Operand weight, Operand result) {
    return Stream.of(source.operands(), List.of(weight, result), epilogue.operands())
        .flatMap(List::stream)
        .toList();
  }

  /** Images of few channels stay planar: blocks of 16 lanes would be mostly padding. */
  private Source input(Value x) {
    boolean planar = x.type().shape().dim(1) < 8 && program.isPlanar(x);
    return planar ? Mapped.plain(program.canonical(x)) : program.source(x);
  }

  private Bound bound(Conv2d conv, Shape shape, Operand x, Value value, Operand weight) {
    boolean planar = x.layout == Layout.CANONICAL;
    ConvGeometry geometry = ConvGeometry.of(conv, shape, weight.shape(), planar);
    return convolutions.computeIfAbsent(
        new Key(geometry, value),
        key -> {
          Optional<VectorStore.Entry> entry =
              value instanceof Value.View view
                  ? Optional.of(store.entry(view.variable()))
                  : Optional.empty();
          return new Bound(Convolutions.plan(geometry, runner), weight, entry, clock);
        });
  }

  /** A convolution with the weight it was packed from. */
  private static final class Bound {
    final Convolution convolution;
    private final Operand weight;
    private final Optional<VectorStore.Entry> variable;
    private final Clock clock;
    private long packed = -1;

    Bound(
        Convolution convolution,
        Operand weight,
        Optional<VectorStore.Entry> variable,
        Clock clock) {
      this.convolution = convolution;
      this.weight = weight;
      this.variable = variable;
      this.clock = clock;
    }

    void refresh() {
      long now = variable.isPresent() ? variable.get().changes : clock.runs;
      if (now != packed) {
        convolution.pack(weight.floats, weight.offset);
        packed = now;
      }
    }
  }
}
