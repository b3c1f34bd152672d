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

/**
 * Convolutions and their gradients. Those of one geometry and one weight share their packed
 * weights, which are packed anew only when the weight changed.
 */
final class ConvolutionLowering {
  private final Program program;
  private final VectorStore store;
  private final TileRunner runner;
  private final Clock clock;
  private final Map<Key, Bound> convolutions = new HashMap<>();

  private record Key(ConvGeometry geometry, Value weight) {}

  ConvolutionLowering(Program program, VectorStore store, TileRunner runner, Clock clock) {
    this.program = program;
    this.store = store;
    this.runner = runner;
    this.clock = clock;
  }

  void forward(Conv2d conv, List<Value> in, Value result) {
    Program.Mapped x = input(in.get(0));
    Operand weight = program.canonical(in.get(1));
    Bound bound = bound(conv, in.get(0).type().shape(), x.base(), in.get(1), weight);
    Operand y = program.blockedResult(result);
    program.emit(
        () -> {
          bound.refresh();
          bound.convolution.forward(x.base().floats, x.base().offset, x.map(), y.floats, y.offset);
        },
        x.base(),
        weight,
        y);
  }

  void inputGrad(Conv2dInputGrad op, List<Value> in, Value result) {
    Operand dy = program.blocked(in.get(0));
    Operand weight = program.canonical(in.get(1));
    Operand dx = program.blockedResult(result);
    Bound bound = bound(op.conv(), op.inputShape(), dx, in.get(1), weight);
    program.emit(
        () -> {
          bound.refresh();
          bound.convolution.inputGrad(dy.floats, dy.offset, dx.floats, dx.offset);
        },
        dy,
        weight,
        dx);
  }

  void weightGrad(Conv2dWeightGrad op, List<Value> in, Value result) {
    Program.Mapped x = input(in.get(0));
    Operand dy = program.blocked(in.get(1));
    Operand dw = program.canonicalResult(result);
    boolean planar = x.base().layout == Layout.CANONICAL;
    ConvGeometry geometry =
        ConvGeometry.of(op.conv(), in.get(0).type().shape(), op.weightShape(), planar);
    Convolution convolution = Convolutions.plan(geometry, runner);
    program.emit(
        () ->
            convolution.weightGrad(
                x.base().floats,
                x.base().offset,
                x.map(),
                dy.floats,
                dy.offset,
                dw.floats,
                dw.offset),
        x.base(),
        dy,
        dw);
  }

  /** Images of few channels stay planar: blocks of 16 lanes would be mostly padding. */
  private Program.Mapped input(Value x) {
    boolean planar = x.type().shape().dim(1) < 8 && program.isPlanar(x);
    return planar
        ? new Program.Mapped(program.canonical(x), ChannelAffine.IDENTITY)
        : program.source(x);
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
