package dev.accrete.kernels.vector;

import dev.accrete.core.Value;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchNormInferenceGrad;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.core.op.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Normalizations, biases and ReLUs. Where every user of their result can compute it while it loads
 * its operand, only a scale and a shift per channel are computed and the result never exists; a
 * ReLU's gradient runs inside the gradient of the normalization before it.
 */
final class MapLowering {
  private final Program program;
  private final Uses uses;
  private final TileRunner runner;
  private final Map<Value, Gate> gates = new HashMap<>();

  /** A gradient that is dy where a map is positive: a ReluGrad left to its only user. */
  private record Gate(Program.Mapped activation, Value dy) {}

  MapLowering(Program program, Uses uses, TileRunner runner) {
    this.program = program;
    this.uses = uses;
    this.runner = runner;
  }

  void batchNorm(BatchNorm norm, List<Value> in, List<Value> out) {
    train(norm.epsilon(), new NormForward.PlainLimits(norm.averaging()), List.of(), in, out);
  }

  void batchRenorm(BatchRenorm norm, List<Value> in, List<Value> out) {
    Operand limits = program.canonical(in.get(5));
    train(norm.epsilon(), new NormForward.RenormLimits(limits), List.of(limits), in, out);
  }

  private void train(
      float epsilon,
      NormForward.Limits limits,
      List<Operand> limitOperands,
      List<Value> in,
      List<Value> out) {
    Operand x = program.blocked(in.get(0));
    List<Operand> perChannel = in.subList(1, 5).stream().map(program::canonical).toList();
    List<Operand> results = out.subList(1, 4).stream().map(program::canonicalResult).toList();
    NormForward.Moments moments =
        new NormForward.Moments(
            perChannel.get(2), perChannel.get(3), results.get(0), results.get(1), results.get(2));
    ChannelAffine map = ChannelAffine.ofChannels(x.shape().dim(1), false);
    Step step =
        NormForward.train(
            epsilon,
            limits,
            new ChannelStatistics(runner, x),
            perChannel.get(0),
            perChannel.get(1),
            moments,
            map);
    List<Operand> touched = new ArrayList<>(limitOperands);
    touched.addAll(perChannel);
    touched.addAll(results);
    touched.add(x);
    program.emit(step, touched.toArray(Operand[]::new));
    produce(out.get(0), x, map);
  }

  void inference(BatchNormInference norm, List<Value> in, Value y) {
    Operand x = program.blocked(in.get(0));
    List<Operand> perChannel = in.subList(1, 5).stream().map(program::canonical).toList();
    int channels = x.shape().dim(1);
    ChannelAffine map = ChannelAffine.ofChannels(channels, false);
    program.emit(
        NormForward.infer(
            norm.epsilon(),
            channels,
            perChannel.get(0),
            perChannel.get(1),
            perChannel.get(2),
            perChannel.get(3),
            map),
        perChannel.toArray(Operand[]::new));
    produce(y, x, map);
  }

  void addBias(List<Value> in, Value y) {
    Operand x = program.blocked(in.get(0));
    Operand bias = program.canonical(in.get(1));
    ChannelAffine map = ChannelAffine.ofChannels(x.shape().dim(1), false);
    program.emit(Planes.biasMap(bias, map), bias);
    produce(y, x, map);
  }

  private void produce(Value y, Operand x, ChannelAffine map) {
    program.putMapped(y, x, map);
    if (!uses.canStayMapped(y)) {
      program.materialize(y, new Program.Mapped(x, map));
    }
  }

  void relu(Value x, Value y) {
    Optional<Program.Mapped> before = program.mapped(x);
    if (before.isPresent()) {
      produce(y, before.get().base(), before.get().map().withRelu());
    } else if (uses.canStayMapped(y) && x.type().shape().rank() == 4) {
      ChannelAffine map = Planes.identity(x.type().shape().dim(1)).withRelu();
      produce(y, program.blocked(x), map);
    } else {
      Operand source = program.usual(x);
      Operand result = program.result(y, source.layout);
      program
          .emit(
              Elements.step(runner, result.length(), Elements.relu(source, result)), source, result)
          .inPlace(source, result);
    }
  }

  void reluGrad(Value y, Value dy, Value dx) {
    Optional<Program.Mapped> activation = program.mapped(y);
    if (activation.isPresent() && feedsNormalizationOf(dx, activation.get())) {
      gates.put(dx, new Gate(activation.get(), dy));
      return;
    }
    Operand upstream = program.usual(dy);
    Program.Mapped source =
        activation.isPresent() && upstream.layout == Layout.BLOCKED
            ? program.source(y)
            : new Program.Mapped(program.usual(y), ChannelAffine.IDENTITY);
    Operand result = program.result(dx, upstream.layout);
    Operand base = source.base();
    Step step =
        source.map().isIdentity()
            ? Elements.step(runner, result.length(), Elements.reluGrad(base, upstream, result))
            : Planes.reluGrad(runner, base, source.map(), upstream, result);
    program.emit(step, base, upstream, result).inPlace(upstream, result);
  }

  /** Whether the only user of {@code dz} is the gradient of a normalization of the same tensor. */
  private boolean feedsNormalizationOf(Value dz, Program.Mapped activation) {
    List<Uses.Use> users = uses.of(dz);
    if (!(dz instanceof Value.Temporary) || uses.isOutput(dz) || users.size() != 1) {
      return false;
    }
    Op op = users.get(0).node().op();
    Value x = users.get(0).node().inputs().get(0);
    int gradient =
        op instanceof BatchRenormGrad ? 3 : op instanceof BatchNormInferenceGrad ? 4 : -1;
    return users.get(0).index() == gradient
        && !(x instanceof Value.View)
        && program.blocked(x).root() == activation.base().root();
  }

  void batchGrad(List<Value> in, List<Value> out) {
    NormRules.Batch rule =
        new NormRules.Batch(
            program.canonical(in.get(1)),
            program.canonical(in.get(2)),
            program.canonicalResult(out.get(1)),
            program.canonicalResult(out.get(2)));
    normGrad(
        in.get(0),
        in.get(3),
        out.get(0),
        rule,
        List.of(rule.gamma(), rule.saved(), rule.dgamma(), rule.dbeta()));
  }

  void inferenceGrad(BatchNormInferenceGrad op, List<Value> in, List<Value> out) {
    NormRules.Fixed rule =
        new NormRules.Fixed(
            op.epsilon(),
            program.canonical(in.get(1)),
            program.canonical(in.get(2)),
            program.canonical(in.get(3)),
            program.canonicalResult(out.get(1)),
            program.canonicalResult(out.get(2)));
    normGrad(
        in.get(0),
        in.get(4),
        out.get(0),
        rule,
        List.of(rule.gamma(), rule.mean(), rule.variance(), rule.dgamma(), rule.dbeta()));
  }

  private void normGrad(
      Value x, Value gradient, Value dx, NormBackward.Rule rule, List<Operand> perChannel) {
    Operand source = program.blocked(x);
    Optional<Gate> gate = Optional.ofNullable(gates.get(gradient));
    Operand dy = program.blocked(gate.map(Gate::dy).orElse(gradient));
    Operand result = program.blockedResult(dx);
    List<Operand> touched = new ArrayList<>(perChannel);
    touched.addAll(List.of(source, dy, result));
    program
        .emit(
            new NormBackward(runner, source, dy, result, rule, gate.map(g -> g.activation().map())),
            touched.toArray(Operand[]::new))
        .inPlace(dy, result);
  }

  void globalAverage(Value x, Value y) {
    Program.Mapped source = program.source(x);
    Operand result = program.canonicalResult(y);
    program.emit(
        Planes.globalAverage(runner, source.base(), source.map(), result), source.base(), result);
  }
}
