package dev.accrete.kernels.vector.lowering;

import dev.accrete.core.Node;
import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.kernels.vector.convolution.BothGradients;
import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.convolution.Convolution;
import dev.accrete.kernels.vector.convolution.Packings;
import dev.accrete.kernels.vector.norm.StoredGradient;
import dev.accrete.kernels.vector.run.Instruction;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.run.Watch;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Convolutions and their gradients. Those of one geometry and one weight share their packed
 * weights, which are packed anew only when the weight changed.
 */
final class ConvolutionLowering {
  private final Program program;
  private final TileRunner runner;
  private final MapLowering maps;
  private final GradientLowering gradients;
  private final Uses uses;
  private final Siblings siblings;
  private final Map<Key, Bound> convolutions = new HashMap<>();

  /** Weight gradients that the input gradients before them computed as well. */
  private final Set<Value> done = new HashSet<>();

  private record Key(ConvGeometry geometry, Value weight) {}

  ConvolutionLowering(
      Program program,
      TileRunner runner,
      MapLowering maps,
      GradientLowering gradients,
      Uses uses,
      Siblings siblings) {
    this.uses = uses;
    this.siblings = siblings;
    this.maps = maps;
    this.gradients = gradients;
    this.program = program;
    this.runner = runner;
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
        reads(epilogue, x, weight),
        List.of(y));
  }

  void inputGrad(Conv2dInputGrad op, Node node) {
    List<Value> in = node.inputs();
    Operand weight = program.canonical(in.get(1));
    Operand dx = program.blockedResult(node.outputs().get(0));
    Bound bound = bound(op.conv(), op.inputShape(), dx, in.get(1), weight);
    Optional<BothGradients> both = bound.convolution.bothGradients();
    Optional<Node> partner = uses.following(node).filter(next -> isPartner(next, op, in.get(0)));
    if (both.isPresent() && partner.isPresent()) {
      bothGradients(both.get(), node, partner.get(), bound, weight, dx);
    } else {
      inputGrad(node, bound, weight, dx);
    }
  }

  /** Whether a node is the weight gradient that goes with an input gradient. */
  private static boolean isPartner(Node node, Conv2dInputGrad op, Value dy) {
    return node.op() instanceof Conv2dWeightGrad grad
        && grad.conv().equals(op.conv())
        && node.inputs().get(1).equals(dy)
        && node.inputs().get(0).type().shape().equals(op.inputShape());
  }

  private void inputGrad(Node node, Bound bound, Operand weight, Operand dx) {
    Source dy = gradients.loadedFirst(node.inputs().get(0));
    Epilogue epilogue =
        gradients.epilogue(node.outputs().get(0), dx, bound.convolution.inputGradParts());
    Instruction instruction =
        program.emit(
            () -> {
              bound.refresh();
              epilogue.begin();
              bound.convolution.inputGrad(dy, dx.floats, dx.offset, epilogue);
            },
            reads(epilogue, dy, weight),
            dy instanceof StoredGradient stored ? List.of(stored.base(), dx) : List.of(dx));
    if (dy instanceof StoredGradient stored) {
      instruction.inPlace(stored.gradient().base(), stored.base());
    }
  }

  private void bothGradients(
      BothGradients both, Node node, Node partner, Bound bound, Operand weight, Operand dx) {
    Source dy = program.source(node.inputs().get(0));
    Source x = program.source(partner.inputs().get(0));
    Value weightGradient = partner.outputs().get(0);
    Operand dw = program.canonicalResult(weightGradient);
    Epilogue epilogue = gradients.epilogue(node.outputs().get(0), dx, both.parts());
    program.join(partner);
    List<Operand> reads = new ArrayList<>(reads(epilogue, dy, weight));
    reads.addAll(x.operands());
    Instruction instruction =
        program.emit(
            () -> {
              bound.refresh();
              epilogue.begin();
              both.run(dy, x, dx.floats, dx.offset, epilogue, dw.floats, dw.offset);
            },
            reads,
            List.of(dx, dw));
    if (both.inPlace()) {
      instruction.inPlace(dy.base(), dx);
    }
    done.add(weightGradient);
  }

  void weightGrad(Conv2dWeightGrad op, List<Value> in, Value result) {
    if (done.remove(result)) {
      return;
    }
    Source x = input(in.get(0));
    Source dy = program.source(in.get(1));
    Operand dw = program.canonicalResult(result);
    boolean planar = x.base().layout == Layout.CANONICAL;
    ConvGeometry geometry =
        ConvGeometry.of(op.conv(), in.get(0).type().shape(), op.weightShape(), planar);
    Convolution convolution = Convolutions.plan(geometry, runner);
    program.emit(
        () -> convolution.weightGrad(x, dy, dw.floats, dw.offset),
        Stream.concat(x.operands().stream(), dy.operands().stream()).toList(),
        List.of(dw));
  }

  private static List<Operand> reads(Epilogue epilogue, Source source, Operand weight) {
    return Stream.of(source.operands(), List.of(weight), epilogue.operands())
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
          Packings packed = siblings.packings().computeIfAbsent(value, unseen -> new Packings());
          int images = Math.max(geometry.images(), siblings.images());
          Convolution convolution = Convolutions.plan(geometry, images, runner, packed);
          return new Bound(convolution, weight, program.watch(List.of(value)));
        });
  }

  /** A convolution with the weight it was packed from. */
  private record Bound(Convolution convolution, Operand weight, Watch watch) {
    void refresh() {
      if (watch.changed()) {
        convolution.pack(weight.floats, weight.offset, watch.version());
      }
    }
  }
}
