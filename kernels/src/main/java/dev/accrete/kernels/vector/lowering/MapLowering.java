package dev.accrete.kernels.vector.lowering;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.PointFunction;
import dev.accrete.kernels.vector.norm.ChannelStatistics;
import dev.accrete.kernels.vector.norm.NormForward;
import dev.accrete.kernels.vector.op.Elements;
import dev.accrete.kernels.vector.op.PlaneMoments;
import dev.accrete.kernels.vector.op.Planes;
import dev.accrete.kernels.vector.op.PointLanes;
import dev.accrete.kernels.vector.run.ChannelTiles;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.run.Watch;
import dev.accrete.kernels.vector.tensor.ChannelAffine;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Lanes;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Normalizations, biases and ReLUs. Where every user of their result can compute it while it loads
 * its operand, only a scale and a shift per channel are computed and the result never exists. The
 * statistics of a batch are added up by the convolution before it.
 */
final class MapLowering {
  private final Program program;
  private final Uses uses;
  private final TileRunner runner;
  private final Map<Value, ChannelStatistics> statistics = new HashMap<>();

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
            statistics(in.get(0), x),
            perChannel.get(0),
            perChannel.get(1),
            moments,
            map);
    List<Operand> reads = new ArrayList<>(limitOperands);
    reads.addAll(perChannel);
    reads.add(x);
    program.emit(step, reads, results);
    produce(out.get(0), x, map);
  }

  /** What the convolution that writes y adds up on the way: nothing, unless y is normalized. */
  Epilogue epilogue(Value y, Operand result, int parts) {
    boolean normalized =
        uses.of(y).stream()
            .anyMatch(
                use ->
                    use.index() == 0
                        && (use.node().op() instanceof BatchNorm
                            || use.node().op() instanceof BatchRenorm));
    if (parts == 0 || !normalized || !(y instanceof Value.Temporary)) {
      return Epilogue.NONE;
    }
    ChannelStatistics sums = new ChannelStatistics(result, parts);
    statistics.put(y, sums);
    return sums;
  }

  /** The statistics of x: of its producer, or else of a pass of its own. */
  private ChannelStatistics statistics(Value value, Operand x) {
    return statistics.computeIfAbsent(
        value,
        unseen -> {
          ChannelTiles tiles = new ChannelTiles(x.shape());
          ChannelStatistics sums = new ChannelStatistics(x, tiles.groups);
          program.emit(sums.pass(runner, tiles), List.of(x), List.of());
          return sums;
        });
  }

  void inference(BatchNormInference norm, List<Value> in, Value y) {
    Operand x = program.blocked(in.get(0));
    List<Operand> perChannel = in.subList(1, 5).stream().map(program::canonical).toList();
    int channels = x.shape().dim(1);
    ChannelAffine map = ChannelAffine.ofChannels(channels, false);
    Step step =
        NormForward.infer(
            norm.epsilon(),
            channels,
            perChannel.get(0),
            perChannel.get(1),
            perChannel.get(2),
            perChannel.get(3),
            map);
    Watch watch = program.watch(in.subList(1, 5));
    program.emit(
        () -> {
          if (watch.changed()) {
            step.run();
          }
        },
        perChannel,
        List.of());
    produce(y, x, map);
  }

  void addBias(List<Value> in, Value y) {
    Operand x = program.blocked(in.get(0));
    Operand bias = program.canonical(in.get(1));
    ChannelAffine map = ChannelAffine.ofChannels(x.shape().dim(1), false);
    program.emit(Planes.biasMap(bias, map), List.of(bias), List.of());
    produce(y, x, map);
  }

  private void produce(Value y, Operand x, ChannelAffine map) {
    Mapped mapped = new Mapped(x, map);
    program.putSource(y, mapped);
    if (!uses.canStayMapped(y)) {
      program.materialize(y, mapped);
    }
  }

  void pointwise(PointFunction function, Value x, Value y) {
    if (function == PointFunction.RELU) {
      relu(x, y);
      return;
    }
    Operand source = program.in(layout(function, y), x);
    Operand result = program.result(y, source.layout);
    Elements.Loop loop = PointLanes.values(function, source, result);
    program
        .emit(Elements.step(runner, result.length(), loop), List.of(source), List.of(result))
        .inPlace(source, result);
  }

  /** The usual layout, unless the function would not leave 0 in the lanes beyond the channels. */
  private static Layout layout(PointFunction function, Value y) {
    Shape shape = y.type().shape();
    boolean padded = shape.rank() == 4 && shape.dim(1) % Lanes.BLOCK != 0;
    return padded && function.value(0) != 0 ? Layout.CANONICAL : Program.usualLayout(y);
  }

  private void relu(Value x, Value y) {
    Optional<Mapped> before = program.mapped(x);
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
              Elements.step(runner, result.length(), Elements.relu(source, result)),
              List.of(source),
              List.of(result))
          .inPlace(source, result);
    }
  }

  void globalAverage(Value x, Value y) {
    Mapped source = program.activation(x);
    Operand result = program.canonicalResult(y);
    program.emit(
        Planes.globalAverage(runner, source.base(), source.map(), result),
        List.of(source.base()),
        List.of(result));
  }

  void moments(Value x, List<Value> moments) {
    Mapped source = program.activation(x);
    Operand mean = program.canonicalResult(moments.get(0));
    Operand deviation = program.canonicalResult(moments.get(1));
    program.emit(
        new PlaneMoments(source.base(), source.map(), mean, deviation).step(runner),
        List.of(source.base()),
        List.of(mean, deviation));
  }
}
