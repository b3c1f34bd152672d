package dev.accrete.kernels.vector.lowering;

import dev.accrete.core.Node;
import dev.accrete.core.Value;
import dev.accrete.core.op.BatchNormInferenceGrad;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.PointwiseGrad;
import dev.accrete.kernels.vector.norm.GradientSums;
import dev.accrete.kernels.vector.norm.NormGradient;
import dev.accrete.kernels.vector.norm.NormRules;
import dev.accrete.kernels.vector.norm.StoredGradient;
import dev.accrete.kernels.vector.op.Elements;
import dev.accrete.kernels.vector.op.Planes;
import dev.accrete.kernels.vector.op.PointLanes;
import dev.accrete.kernels.vector.run.ChannelTiles;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.ChannelAffine;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gradients of normalizations and ReLUs. A ReLU's gradient runs inside the gradient of the
 * normalization before it; the sums that one needs are added up by the convolution that writes the
 * gradient behind it; and where all its users are convolutions, it is computed while they load it
 * and never exists.
 */
final class GradientLowering {
  private final Program program;
  private final Uses uses;
  private final TileRunner runner;
  private final Map<Value, Gate> gates = new HashMap<>();

  /** Sums that are added up by then, by the gradient of the normalization that needs them. */
  private final Map<Value, GradientSums> sums = new HashMap<>();

  /** A gradient that is dy where a map is positive: a ReLU's gradient left to its only user. */
  private record Gate(Mapped activation, Value dy) {}

  /** The gradient of a normalization, and the map of the ReLU behind that. */
  private record Norm(Node node, Optional<ChannelAffine> relu) {
    Value x() {
      return node.inputs().get(0);
    }

    /** Begins with the mean of every channel. */
    Value means() {
      return node.inputs().get(2);
    }

    Value dx() {
      return node.outputs().get(0);
    }
  }

  GradientLowering(Program program, Uses uses, TileRunner runner) {
    this.program = program;
    this.uses = uses;
    this.runner = runner;
  }

  void pointwise(PointFunction function, Value v, Value dy, Value dx) {
    if (function == PointFunction.RELU) {
      relu(v, dy, dx);
      return;
    }
    Operand upstream = program.usual(dy);
    Operand at = program.in(upstream.layout, v);
    Operand result = program.result(dx, upstream.layout);
    Elements.Loop loop = PointLanes.gradients(function, at, upstream, result);
    program
        .emit(Elements.step(runner, result.length(), loop), List.of(at, upstream), List.of(result))
        .inPlace(upstream, result);
  }

  private void relu(Value y, Value dy, Value dx) {
    Optional<Mapped> activation = program.mapped(y);
    if (activation.isPresent() && normOf(dx, activation.get()).isPresent()) {
      gates.put(dx, new Gate(activation.get(), dy));
      return;
    }
    Operand upstream = program.usual(dy);
    boolean mapped = activation.isPresent() && upstream.layout == Layout.BLOCKED;
    Mapped source = mapped ? program.activation(y) : Mapped.plain(program.usual(y));
    Operand result = program.result(dx, upstream.layout);
    Operand base = source.base();
    Step step =
        source.isPlain()
            ? Elements.step(runner, result.length(), Elements.reluGrad(base, upstream, result))
            : Planes.reluGrad(runner, base, source.map(), upstream, result);
    program.emit(step, List.of(base, upstream), List.of(result)).inPlace(upstream, result);
  }

  /** The only user of {@code dz}, if that is the gradient of a normalization of the same tensor. */
  private Optional<Node> normOf(Value dz, Mapped activation) {
    List<Uses.Use> users = uses.of(dz);
    if (!(dz instanceof Value.Temporary) || uses.isOutput(dz) || users.size() != 1) {
      return Optional.empty();
    }
    Node user = users.get(0).node();
    Value x = user.inputs().get(0);
    boolean same =
        users.get(0).index() == gradientIndex(user.op())
            && !(x instanceof Value.View)
            && program.blocked(x).root() == activation.base().root();
    return same ? Optional.of(user) : Optional.empty();
  }

  /** Which input of the gradient of a normalization is the gradient behind it; -1 of other ops. */
  private static int gradientIndex(Op op) {
    return switch (op) {
      case BatchRenormGrad ignored -> 3;
      case BatchNormInferenceGrad ignored -> 4;
      default -> -1;
    };
  }

  /**
   * What the convolution that writes the gradient {@code dy} adds up on the way: the sums for the
   * gradient of the normalization before, if there is one.
   */
  Epilogue epilogue(Value dy, Operand result, int parts) {
    Optional<Norm> norm = normBefore(dy);
    // Variables may change until the normalization's turn comes.
    if (parts == 0
        || norm.isEmpty()
        || !(dy instanceof Value.Temporary)
        || norm.get().x() instanceof Value.View
        || norm.get().means() instanceof Value.View) {
      return Epilogue.NONE;
    }
    GradientSums added = sums(norm.get(), result, parts);
    sums.put(norm.get().dx(), added);
    return added;
  }

  private Optional<Norm> normBefore(Value dy) {
    for (Uses.Use use : uses.of(dy)) {
      Node node = use.node();
      if (use.index() == gradientIndex(node.op())) {
        return Optional.of(new Norm(node, Optional.empty()));
      }
      if (node.op().equals(PointwiseGrad.RELU) && use.index() == 1) {
        Optional<Mapped> activation = program.mapped(node.inputs().get(0));
        Optional<Node> norm = activation.flatMap(a -> normOf(node.outputs().get(0), a));
        if (norm.isPresent()) {
          return Optional.of(new Norm(norm.get(), activation.map(Mapped::map)));
        }
      }
    }
    return Optional.empty();
  }

  private GradientSums sums(Norm norm, Operand dy, int parts) {
    Operand x = program.blocked(norm.x());
    return new GradientSums(x, dy, program.canonical(norm.means()), norm.relu(), parts);
  }

  /** The gradient as its first user loads it: which stores it if there will be other users. */
  Source loadedFirst(Value gradient) {
    Source source = program.source(gradient);
    return source instanceof NormGradient norm && uses.of(gradient).size() > 1
        ? new StoredGradient(norm, program.blockedResult(gradient))
        : source;
  }

  void batchGrad(Node node) {
    List<Value> in = node.inputs();
    List<Value> out = node.outputs();
    NormRules.Batch rule =
        new NormRules.Batch(
            program.canonical(in.get(1)),
            program.canonical(in.get(2)),
            program.canonicalResult(out.get(1)),
            program.canonicalResult(out.get(2)));
    List<Operand> reads = List.of(rule.gamma(), rule.saved());
    normGrad(node, in.get(3), rule, reads, List.of(rule.dgamma(), rule.dbeta()));
  }

  void inferenceGrad(BatchNormInferenceGrad op, Node node) {
    List<Value> in = node.inputs();
    List<Value> out = node.outputs();
    NormRules.Fixed rule =
        new NormRules.Fixed(
            op.epsilon(),
            program.canonical(in.get(1)),
            program.canonical(in.get(3)),
            program.canonicalResult(out.get(1)),
            program.canonicalResult(out.get(2)));
    List<Operand> reads = List.of(rule.gamma(), rule.variance());
    normGrad(node, in.get(4), rule, reads, List.of(rule.dgamma(), rule.dbeta()));
  }

  private void normGrad(
      Node node,
      Value gradient,
      NormGradient.Rule rule,
      List<Operand> reads,
      List<Operand> writes) {
    Optional<Gate> gate = Optional.ofNullable(gates.get(gradient));
    Norm norm = new Norm(node, gate.map(g -> g.activation().map()));
    GradientSums added = sums.get(norm.dx());
    if (added == null) {
      Operand dy = program.blocked(gate.map(Gate::dy).orElse(gradient));
      ChannelTiles tiles = new ChannelTiles(dy.shape());
      added = sums(norm, dy, tiles.groups);
      List<Operand> summed = new ArrayList<>(added.operands());
      summed.add(dy);
      program.emit(added.pass(runner, tiles), summed, List.of());
    }
    NormGradient source = new NormGradient(added);
    program.emit(() -> source.finish(rule), reads, writes);
    program.putSource(norm.dx(), source);
    if (!uses.canStayGradient(norm.dx())) {
      program.materialize(norm.dx(), source);
    }
  }
}
