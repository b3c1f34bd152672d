package dev.accrete.kernels.spec;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.core.op.ChannelMoments;
import dev.accrete.core.op.CholeskyFactor;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.GlobalAveragePoolGrad;
import dev.accrete.core.op.LoadHead;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.PackSelected;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.PointwiseGrad;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.core.op.SoftmaxCrossEntropyGrad;
import dev.accrete.core.op.SparseSgdSynaptic;
import dev.accrete.core.op.StoredLatents;
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.Triangle;
import dev.accrete.core.op.TriangularSolve;
import dev.accrete.core.op.UnpackSelected;
import java.util.List;
import java.util.Optional;

/** Cases at shapes that somebody names, for the ops whose spec is a function of shapes. */
final class SpecShapes {
  private SpecShapes() {}

  /** A case of an op on operands of these types. */
  static Optional<OpSpec.Case> at(Op op, List<TensorType> types) {
    List<Shape> operands = types.stream().map(TensorType::shape).toList();
    Shape first = operands.isEmpty() ? Shape.SCALAR : operands.getFirst();
    return switch (op) {
      case Conv2d conv -> Optional.of(convolution(conv, first, operands.get(1)).forward());
      case Conv2dInputGrad grad ->
          Optional.of(convolution(grad.conv(), grad.inputShape(), operands.get(1)).inputGrad());
      case Conv2dWeightGrad grad ->
          Optional.of(convolution(grad.conv(), first, grad.weightShape()).weightGrad());
      case MatMul product -> Optional.of(product(product, first, operands.get(1)));
      case Pointwise pointwise -> Optional.of(PointwiseSpecs.value(pointwise.function(), first));
      case PointwiseGrad grad -> Optional.of(PointwiseSpecs.gradient(grad.function(), first));
      case NormalizeImage image ->
          Optional.of(ElementSpecs.image(first, image.height(), image.width(), 0));
      case BatchRenorm ignored -> Optional.of(NormalizationSpecs.renorm(first));
      case BatchRenormGrad ignored -> Optional.of(NormalizationSpecs.renormGrad(first));
      case BatchNormInference ignored -> Optional.of(NormalizationSpecs.inference(first));
      case GlobalAveragePool ignored -> Optional.of(PoolingSpecs.average(first));
      case ChannelMoments ignored -> Optional.of(PoolingSpecs.moments(first));
      case GlobalAveragePoolGrad grad ->
          Optional.of(
              PoolingSpecs.averageGrad(
                  Shape.of(first.dim(0), first.dim(1), grad.height(), grad.width())));
      case SoftmaxCrossEntropy loss ->
          Optional.of(LossSpecs.loss(first.dim(0), first.dim(1), loss.labelSmoothing()));
      case SoftmaxCrossEntropyGrad loss ->
          Optional.of(LossSpecs.grad(first.dim(0), first.dim(1), loss.labelSmoothing()));
      case SgdSynaptic sgd -> Optional.of(UpdateSpecs.step(sgd, operands.get(1).size(), ""));
      case ConsolidateHead head ->
          Optional.of(UpdateSpecs.consolidation(head, first.dim(0), first.dim(1)));
      case LoadHead ignored ->
          Optional.of(UpdateSpecs.load(first.dim(0), first.dim(1), Generator.values(300, 0)));
      case SparseSgdSynaptic sgd ->
          Optional.of(
              SelectionSpecs.step(sgd.dense(), operands.get(1).size(), operands.get(7).size()));
      case SelectParameters select -> Optional.of(SelectionSpecs.select(select, first.size()));
      case PackSelected pack -> Optional.of(SelectionSpecs.pack(first.size(), pack.capacity()));
      case UnpackSelected unpack -> Optional.of(SelectionSpecs.unpack(unpack.size(), first.size()));
      case GatherLatents gather -> Optional.of(gather(gather, types));
      case ScatterLatents ignored ->
          Optional.of(LatentSpecs.scatter(first.dim(0), types.get(2), ""));
      case SymmetricUpdate update ->
          Optional.of(SymmetricSpecs.update(update, types.getFirst(), ""));
      case CholeskyFactor ignored ->
          Optional.of(SymmetricSpecs.factor(Triangle.ofLength(first.size()).side()));
      case TriangularSolve solve ->
          Optional.of(SymmetricSpecs.solve(solve, operands.get(1).dim(0), operands.get(1).dim(1)));
      default -> Optional.empty();
    };
  }

  private static OpSpec.Case gather(GatherLatents op, List<TensorType> types) {
    TensorType[] banks =
        StoredLatents.of(op, types, 1).stream()
            .map(bank -> types.get(bank.operand()))
            .toArray(TensorType[]::new);
    return LatentSpecs.gather(types.getFirst().shape().size(), "", banks);
  }

  private static ConvolutionSpecs.Convolution convolution(Conv2d op, Shape x, Shape weight) {
    return new ConvolutionSpecs.Convolution(op, x, weight);
  }

  private static OpSpec.Case product(MatMul op, Shape a, Shape b) {
    int m = a.dim(op.transposeA() ? 1 : 0);
    int k = a.dim(op.transposeA() ? 0 : 1);
    int n = b.dim(op.transposeB() ? 0 : 1);
    return ConvolutionSpecs.product(op, m, k, n);
  }
}
