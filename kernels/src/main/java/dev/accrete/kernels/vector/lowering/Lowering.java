package dev.accrete.kernels.vector.lowering;

import dev.accrete.core.Graph;
import dev.accrete.core.Node;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchNormInferenceGrad;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.core.op.ChannelMoments;
import dev.accrete.core.op.ChannelSum;
import dev.accrete.core.op.CholeskyFactor;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.GlobalAveragePoolGrad;
import dev.accrete.core.op.LoadHead;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.LocalResponseNormGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.PackSelected;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.PointwiseGrad;
import dev.accrete.core.op.Pool2d;
import dev.accrete.core.op.Pool2dGrad;
import dev.accrete.core.op.Reshape;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.core.op.SoftmaxCrossEntropyGrad;
import dev.accrete.core.op.SparseSgdSynaptic;
import dev.accrete.core.op.StoredLatents;
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.SynapticImportance;
import dev.accrete.core.op.Triangle;
import dev.accrete.core.op.TriangularSolve;
import dev.accrete.core.op.UnpackSelected;
import dev.accrete.kernels.vector.norm.LocalResponse;
import dev.accrete.kernels.vector.op.Consolidation;
import dev.accrete.kernels.vector.op.Copies;
import dev.accrete.kernels.vector.op.CrossEntropy;
import dev.accrete.kernels.vector.op.Dropouts;
import dev.accrete.kernels.vector.op.Elements;
import dev.accrete.kernels.vector.op.Images;
import dev.accrete.kernels.vector.op.Latents;
import dev.accrete.kernels.vector.op.Planes;
import dev.accrete.kernels.vector.op.Pooling;
import dev.accrete.kernels.vector.op.Selections;
import dev.accrete.kernels.vector.op.Updates;
import dev.accrete.kernels.vector.product.Gemm;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.run.Watch;
import dev.accrete.kernels.vector.symmetric.SymmetricOps;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.List;

/**
 * Turns the nodes of a graph into instructions: chooses layouts and kernels, and leaves out what
 * need not be computed. What fuses is in {@link MapLowering}, {@link GradientLowering} and {@link
 * ConvolutionLowering}.
 */
public final class Lowering {
  private final TileRunner runner;
  private final Program program;
  private final Uses uses;
  private final MapLowering maps;
  private final GradientLowering gradients;
  private final ConvolutionLowering convolutions;

  private Lowering(Uses uses, TileRunner runner, Program program, Siblings siblings) {
    this.runner = runner;
    this.program = program;
    this.uses = uses;
    maps = new MapLowering(program, uses, runner);
    gradients = new GradientLowering(program, uses, runner);
    convolutions = new ConvolutionLowering(program, runner, maps, gradients, uses, siblings);
  }

  /** Fills {@code program} with the instructions of {@code graph}, a slice if it has siblings. */
  public static void lower(Graph graph, TileRunner runner, Program program, Siblings siblings) {
    Uses uses = new Uses(graph);
    Lowering lowering = new Lowering(uses, runner, program, siblings);
    for (Node node : uses.live()) {
      program.begin(node);
      lowering.lower(node);
      program.end(node);
    }
  }

  private void lower(Node node) {
    List<Value> in = node.inputs();
    List<Value> out = node.outputs();
    Value y = out.get(0);
    switch (node.op()) {
      case Conv2d conv -> convolutions.forward(conv, in, y);
      case Conv2dInputGrad grad -> convolutions.inputGrad(grad, node);
      case Conv2dWeightGrad grad -> convolutions.weightGrad(grad, in, y);
      case MatMul product -> matMul(product, in, y);
      case BatchNorm norm -> maps.batchNorm(norm, in, out);
      case BatchRenorm norm -> maps.batchRenorm(norm, in, out);
      case BatchNormInference norm -> maps.inference(norm, in, y);
      case BatchRenormGrad ignored -> gradients.batchGrad(node);
      case BatchNormInferenceGrad grad -> gradients.inferenceGrad(grad, node);
      case AddBias ignored -> maps.addBias(in, y);
      case Pointwise op -> maps.pointwise(op.function(), in.get(0), y);
      case PointwiseGrad op -> gradients.pointwise(op.function(), in.get(0), in.get(1), y);
      case GlobalAveragePool ignored -> maps.globalAverage(in.get(0), y);
      case ChannelMoments ignored -> maps.moments(in.get(0), node.outputs());
      case Add ignored -> add(in, y);
      case ChannelSum ignored -> {
        Operand x = program.blocked(in.get(0));
        Operand sum = program.canonicalResult(y);
        program.emit(Planes.channelSum(runner, x, sum), List.of(x), List.of(sum));
      }
      case GlobalAveragePoolGrad ignored -> {
        Operand dy = program.canonical(in.get(0));
        Operand dx = program.blockedResult(y);
        program.emit(Planes.globalAverageGrad(runner, dy, dx), List.of(dy), List.of(dx));
      }
      case Pool2d pool -> {
        Operand x = program.blocked(in.get(0));
        Operand result = program.blockedResult(y);
        program.emit(
            new Pooling(pool, x.shape()).forward(runner, x, result), List.of(x), List.of(result));
      }
      case Pool2dGrad grad -> {
        Operand x = program.blocked(in.get(0));
        Operand dy = program.blocked(in.get(1));
        Operand dx = program.blockedResult(y);
        program.emit(
            new Pooling(grad.pool(), x.shape()).backward(runner, x, dy, dx),
            List.of(x, dy),
            List.of(dx));
      }
      case LocalResponseNorm norm -> {
        Operand x = program.blocked(in.get(0));
        Operand result = program.blockedResult(y);
        program.emit(
            new LocalResponse(norm, x.shape()).forward(runner, x, result),
            List.of(x),
            List.of(result));
      }
      case LocalResponseNormGrad grad -> {
        Operand x = program.blocked(in.get(0));
        Operand dy = program.blocked(in.get(1));
        Operand dx = program.blockedResult(y);
        program.emit(
            new LocalResponse(grad.norm(), x.shape()).backward(runner, x, dy, dx),
            List.of(x, dy),
            List.of(dx));
      }
      case Dropout dropout -> {
        Operand x = program.usual(in.get(0));
        Operand key = program.canonical(in.get(1));
        Operand result = program.result(y, x.layout);
        program
            .emit(Dropouts.step(runner, dropout, x, key, result), List.of(x, key), List.of(result))
            .inPlace(x, result);
      }
      case Fill fill -> {
        Operand result = program.canonicalResult(y);
        Elements.Loop loop = Elements.fill(fill.value(), result);
        program.emit(Elements.step(runner, result.length(), loop), List.of(), List.of(result));
      }
      case NormalizeImage normalize -> {
        Operand images = program.canonical(in.get(0));
        Operand augment = program.canonical(in.get(1));
        Operand result = program.canonicalResult(y);
        program.emit(
            Images.normalize(runner, normalize, images, augment, result),
            List.of(images, augment),
            List.of(result));
      }
      case Reshape reshape -> reshape(reshape, in.get(0), y);
      case SoftmaxCrossEntropy loss -> crossEntropy(loss, in, out);
      case SoftmaxCrossEntropyGrad loss -> crossEntropyGrad(loss, in, y);
      case SgdSynaptic sgd -> sgd(sgd, in, out, Updates::step);
      case SparseSgdSynaptic sgd -> sgd(sgd, in, out, Updates::sparseStep);
      case SelectParameters select -> {
        Operand scores = program.canonical(in.get(0));
        Operand bits = program.canonicalResult(y);
        Operand before = program.canonicalResult(out.get(1));
        program.emit(
            Selections.select(select, scores, bits, before),
            List.of(scores),
            List.of(bits, before));
      }
      case PackSelected ignored -> moveSelected(in, y, Selections::pack);
      case UnpackSelected ignored -> moveSelected(in, y, Selections::unpack);
      case SynapticImportance op -> importance(op, in, out);
      case SymmetricUpdate update -> {
        Operand x = program.canonical(in.get(0));
        Operand sums = overwritten(in.get(1), y);
        Operand space = program.workspace(SymmetricOps.updateWorkspace(in.get(0).type()));
        program.emit(
            SymmetricOps.update(runner, update, x, sums, space), List.of(x, sums), List.of(sums));
      }
      case CholeskyFactor ignored -> {
        Operand factor = overwritten(in.get(0), y);
        Triangle triangle = Triangle.ofLength(factor.shape().size());
        Operand space = program.workspace(SymmetricOps.factorWorkspace(triangle));
        program.emit(SymmetricOps.factor(runner, factor, space), List.of(factor), List.of(factor));
      }
      case TriangularSolve solve -> {
        Operand factor = program.canonical(in.get(0));
        Operand x = overwritten(in.get(1), y);
        program.emit(
            SymmetricOps.solve(runner, solve.transposed(), factor, x),
            List.of(factor, x),
            List.of(x));
      }
      case ConsolidateHead head -> consolidate(head, in, out);
      case GatherLatents gather -> gather(gather, node);
      case ScatterLatents scatter -> scatter(scatter, node);
      case LoadHead ignored -> {
        Operand bank = program.canonical(in.get(0));
        Operand present = program.canonical(in.get(1));
        Operand weights = program.canonicalResult(y);
        program.emit(
            Consolidation.load(runner, bank, present, weights),
            List.of(bank, present),
            List.of(weights));
      }
    }
  }

  /** Where a result goes that begins as an operand of the same type. */
  private Operand overwritten(Value operand, Value result) {
    Operand to = program.canonicalResult(result);
    if (!operand.equals(result)) {
      Operand from = program.canonical(operand);
      program.emit(Copies.whole(from, to), List.of(from), List.of(to));
    }
    return to;
  }

  private void matMul(MatMul product, List<Value> in, Value y) {
    Operand a = program.canonical(in.get(0));
    Operand b = program.canonical(in.get(1));
    Operand c = program.canonicalResult(y);
    int inner = a.shape().dim(product.transposeA() ? 0 : 1);
    Gemm gemm =
        new Gemm(
            product.transposeA(),
            product.transposeB(),
            c.shape().dim(0),
            c.shape().dim(1),
            inner,
            runner);
    Watch watch = program.watch(List.of(in.get(1)));
    program.emit(
        () -> {
          if (watch.changed()) {
            gemm.pack(b.floats, b.offset);
          }
          gemm.run(a.floats, a.offset, c.floats, c.offset);
        },
        List.of(a, b),
        List.of(c));
  }

  private void add(List<Value> in, Value y) {
    Operand a = program.usual(in.get(0));
    Operand b = program.usual(in.get(1));
    Operand sum = program.result(y, a.layout);
    program
        .emit(
            Elements.step(runner, sum.length(), Elements.add(a, b, sum)),
            List.of(a, b),
            List.of(sum))
        .inPlace(a, sum)
        .inPlace(b, sum);
  }

  private void reshape(Reshape reshape, Value x, Value y) {
    Operand source = program.canonical(x);
    TensorType type = TensorType.f32(reshape.shape());
    if (y instanceof Value.Temporary && !(x instanceof Value.View)) {
      program.put(y, program.alias(source, type, Layout.CANONICAL));
      return;
    }
    Operand result = program.canonicalResult(y);
    program.emit(
        Elements.step(runner, result.length(), Elements.copy(source, result)),
        List.of(source),
        List.of(result));
  }

  private CrossEntropy.Targets targets(float smoothing, List<Value> in) {
    return new CrossEntropy.Targets(
        smoothing, program.canonical(in.get(1)), program.canonical(in.get(2)));
  }

  private void crossEntropy(SoftmaxCrossEntropy op, List<Value> in, List<Value> out) {
    Operand logits = program.canonical(in.get(0));
    CrossEntropy.Targets targets = targets(op.labelSmoothing(), in);
    Operand loss = program.canonicalResult(out.get(0));
    Operand probabilities = program.canonicalResult(out.get(1));
    program.emit(
        CrossEntropy.forward(runner, targets, logits, loss, probabilities),
        List.of(logits, targets.labels(), targets.mask()),
        List.of(loss, probabilities));
  }

  private void crossEntropyGrad(SoftmaxCrossEntropyGrad op, List<Value> in, Value y) {
    Operand probabilities = program.canonical(in.get(0));
    CrossEntropy.Targets targets = targets(op.labelSmoothing(), in);
    Operand dloss = program.canonical(in.get(3));
    Operand result = program.canonicalResult(y);
    program
        .emit(
            CrossEntropy.backward(runner, targets, probabilities, dloss, result),
            List.of(probabilities, targets.labels(), targets.mask(), dloss),
            List.of(result))
        .inPlace(probabilities, result);
  }

  /** Makes the step of an update. */
  @FunctionalInterface
  private interface UpdateStep<O extends Op> {
    Step of(TileRunner runner, O op, List<Operand> in, List<Operand> out);
  }

  private <O extends Op> void sgd(O sgd, List<Value> in, List<Value> out, UpdateStep<O> update) {
    List<Operand> operands = in.stream().map(program::canonical).toList();
    List<Operand> results = out.stream().map(program::canonicalResult).toList();
    for (int i = 0; i < out.size(); i++) {
      int source = sgd.inPlaceInput(i);
      if (!in.get(source).equals(out.get(i))) {
        Operand old = operands.get(source);
        Operand result = results.get(i);
        program.emit(
            Elements.step(runner, result.length(), Elements.copy(old, result)),
            List.of(old),
            List.of(result));
      }
    }
    program.emit(update.of(runner, sgd, operands, results), operands, results);
  }

  /** Makes the step that packs or unpacks the values of chosen parameters. */
  @FunctionalInterface
  private interface SelectedMove {
    Step of(TileRunner runner, Operand from, Selections.Bitmap bitmap, Operand to);
  }

  private void moveSelected(List<Value> in, Value y, SelectedMove move) {
    List<Operand> operands = in.stream().map(program::canonical).toList();
    Operand result = program.canonicalResult(y);
    Selections.Bitmap bitmap = new Selections.Bitmap(operands.get(1), operands.get(2));
    program.emit(move.of(runner, operands.get(0), bitmap, result), operands, List.of(result));
  }

  private void importance(SynapticImportance op, List<Value> in, List<Value> out) {
    List<Operand> operands = in.stream().map(program::canonical).toList();
    List<Operand> results = out.stream().map(program::canonicalResult).toList();
    program.emit(Consolidation.importance(runner, op, operands, results), operands, results);
  }

  private void consolidate(ConsolidateHead head, List<Value> in, List<Value> out) {
    List<Operand> operands = in.stream().map(program::canonical).toList();
    List<Operand> results = out.stream().map(program::canonicalResult).toList();
    program.emit(Consolidation.consolidate(head.rule(), operands, results), operands, results);
  }

  /** Latents lie as an input would; those that only go on into another bank stay in order. */
  private void gather(GatherLatents gather, Node node) {
    Value y = node.outputs().get(0);
    boolean passedOn =
        uses.of(y).stream().anyMatch(use -> use.node().op() instanceof ScatterLatents);
    List<Operand> operands = node.inputs().stream().map(program::canonical).toList();
    Layout layout = passedOn ? Layout.CANONICAL : Program.inputLayout(y.type());
    Operand result = program.result(y, layout);
    List<StoredLatents> banks = StoredLatents.of(gather, node.inputTypes(), 1);
    program.emit(Latents.gather(runner, banks, operands, result), operands, List.of(result));
  }

  private void scatter(ScatterLatents scatter, Node node) {
    Operand latents = program.somewhere(node.inputs().get(0));
    Operand cells = program.canonical(node.inputs().get(1));
    List<Operand> results = node.outputs().stream().map(program::canonicalResult).toList();
    for (int i = 0; i < results.size(); i++) {
      Value bank = node.inputs().get(scatter.inPlaceInput(i));
      if (!bank.equals(node.outputs().get(i))) {
        Operand old = program.canonical(bank);
        Operand result = results.get(i);
        program.emit(Copies.whole(old, result), List.of(old), List.of(result));
      }
    }
    StoredLatents bank = scatter.bank(node.inputTypes());
    program.emit(
        Latents.scatter(runner, bank, latents, cells, results), List.of(latents, cells), results);
  }
}
