package dev.accrete.kernels.reference;

import dev.accrete.core.Shape;
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
import dev.accrete.core.op.PointFunction;
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
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.SynapticImportance;
import dev.accrete.core.op.TriangularSolve;
import dev.accrete.core.op.UnpackSelected;
import java.util.List;

/** Which loops execute which op. */
final class Loops {
  private Loops() {}

  /** The execution of one op on these operands and results, which share no memory. */
  static Runnable of(Op op, List<Cells> in, List<Cells> out) {
    return switch (op) {
      case Conv2d conv -> () -> Convolutions.forward(conv, in.get(0), in.get(1), out.get(0));
      case Conv2dInputGrad grad ->
          () -> Convolutions.inputGrad(grad.conv(), in.get(0), in.get(1), out.get(0));
      case Conv2dWeightGrad grad ->
          () -> Convolutions.weightGrad(grad.conv(), in.get(0), in.get(1), out.get(0));
      case MatMul product -> () -> Elements.matMul(product, in.get(0), in.get(1), out.get(0));
      case Add ignored -> () -> Elements.add(in.get(0), in.get(1), out.get(0));
      case AddBias ignored -> () -> Elements.addBias(in.get(0), in.get(1), out.get(0));
      case ChannelSum ignored -> () -> Elements.channelSum(in.get(0), out.get(0));
      case Pointwise(PointFunction function) ->
          () -> Elements.pointwise(function, in.get(0), out.get(0));
      case PointwiseGrad(PointFunction function) ->
          () -> Elements.pointwiseGrad(function, in.get(0), in.get(1), out.get(0));
      case Dropout dropout -> () -> Elements.dropout(dropout, in.get(0), in.get(1), out.get(0));
      case Fill fill -> () -> Elements.fill(fill, out.get(0));
      case NormalizeImage normalize ->
          () -> Images.normalize(normalize, in.get(0), in.get(1), out.get(0));
      case Reshape ignored ->
          () -> out.get(0).copy(0, in.get(0), 0, in.get(0).type().shape().size());
      case BatchNorm norm -> () -> Normalizations.train(norm, in, out);
      case BatchRenorm norm -> () -> Normalizations.train(norm, in, out);
      case BatchRenormGrad ignored -> () -> Normalizations.trainGrad(in, out);
      case BatchNormInference norm -> () -> Normalizations.infer(norm.epsilon(), in, out.get(0));
      case BatchNormInferenceGrad norm -> () -> Normalizations.inferGrad(norm.epsilon(), in, out);
      case LocalResponseNorm norm -> () -> LocalResponse.forward(norm, in.get(0), out.get(0));
      case LocalResponseNormGrad grad ->
          () -> LocalResponse.backward(grad.norm(), in.get(0), in.get(1), out.get(0));
      case Pool2d pool -> () -> Pooling.forward(pool, in.get(0), out.get(0));
      case Pool2dGrad grad -> {
        Shape x = in.get(0).type().shape();
        double[] plane = new double[x.dim(2) * x.dim(3)];
        yield () -> Pooling.backward(grad.pool(), in.get(0), in.get(1), out.get(0), plane);
      }
      case GlobalAveragePool ignored -> () -> Pooling.globalAverage(in.get(0), out.get(0));
      case ChannelMoments ignored -> () -> Pooling.moments(in.get(0), out.get(0), out.get(1));
      case GlobalAveragePoolGrad ignored -> () -> Pooling.globalAverageGrad(in.get(0), out.get(0));
      case SoftmaxCrossEntropy loss -> () -> Losses.forward(loss.labelSmoothing(), in, out);
      case SoftmaxCrossEntropyGrad loss ->
          () -> Losses.backward(loss.labelSmoothing(), in, out.get(0));
      case SgdSynaptic sgd -> () -> Updates.step(sgd, in, out);
      case SparseSgdSynaptic sgd -> () -> Updates.step(sgd, in, out);
      case SelectParameters select -> () -> Selections.select(select, in.get(0), out);
      case PackSelected ignored -> () -> Selections.pack(in, out.get(0));
      case UnpackSelected ignored -> () -> Selections.unpack(in, out.get(0));
      case SynapticImportance importance -> () -> Updates.importance(importance, in, out);
      case SymmetricUpdate update ->
          () -> Symmetric.update(update.subtract(), in.get(0), in.get(1), out.get(0));
      case CholeskyFactor ignored -> () -> Symmetric.factor(in.get(0), out.get(0));
      case TriangularSolve solve ->
          () -> Symmetric.solve(solve.transposed(), in.get(0), in.get(1), out.get(0));
      case ConsolidateHead head -> () -> Heads.consolidate(head.rule(), in, out);
      case LoadHead ignored -> () -> Heads.load(in.get(0), in.get(1), out.get(0));
      case GatherLatents gather -> () -> Latents.gather(gather, in, out.get(0));
      case ScatterLatents scatter -> () -> Latents.scatter(scatter, in, out);
    };
  }
}
