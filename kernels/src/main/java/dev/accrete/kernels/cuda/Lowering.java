package dev.accrete.kernels.cuda;

import dev.accrete.core.Graph;
import dev.accrete.core.Node;
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
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.SynapticImportance;
import dev.accrete.core.op.TriangularSolve;
import dev.accrete.core.op.UnpackSelected;

/** Turns the nodes of a graph into steps of a program, one by one. */
final class Lowering {
  private final Graph graph;
  private final Program program;
  private final Values values;
  private final Products products;
  private final FusedRelus fused;

  Lowering(Graph graph, Program program, Values values, Products products) {
    this.graph = graph;
    this.program = program;
    this.values = values;
    this.products = products;
    this.fused = FusedRelus.of(graph);
  }

  /** Lowers all nodes; returns for each how many steps there are after it. */
  int[] lower() {
    int[] ends = new int[graph.nodes().size()];
    for (int i = 0; i < ends.length; i++) {
      Node node = graph.nodes().get(i);
      if (!fused.absorbed(node)) {
        lower(new LoweredNode(node, fused.results(node), products, program, values));
        values.finish();
      }
      ends[i] = program.size();
    }
    return ends;
  }

  private void lower(LoweredNode node) {
    switch (node.node().op()) {
      case Conv2d conv -> ConvolutionLowering.forward(conv, node);
      case Conv2dInputGrad grad -> ConvolutionLowering.inputGrad(grad.conv(), node);
      case Conv2dWeightGrad grad -> ConvolutionLowering.weightGrad(grad.conv(), node);
      case MatMul product -> MatMulLowering.product(product, node);
      case Add ignored -> ElementLowering.add(node);
      case AddBias ignored -> ElementLowering.addBias(node);
      case ChannelSum ignored -> NormLowering.channelSum(node);
      case Pointwise op -> ElementLowering.pointwise(op.function(), node);
      case PointwiseGrad op -> ElementLowering.pointwiseGrad(op.function(), node);
      case Dropout dropout -> ElementLowering.dropout(dropout, node);
      case Fill fill -> ElementLowering.fill(fill, node);
      case NormalizeImage normalize -> ElementLowering.normalizeImage(normalize, node);
      case Reshape ignored -> ElementLowering.reshape(node);
      case BatchNorm norm -> NormLowering.batchNorm(norm, node, fused.absorbs(node.node()));
      case BatchRenorm norm -> NormLowering.batchRenorm(norm, node, fused.absorbs(node.node()));
      case BatchRenormGrad ignored -> NormLowering.trainingGrad(node);
      case BatchNormInference norm ->
          NormLowering.inference(norm, node, fused.absorbs(node.node()));
      case BatchNormInferenceGrad norm -> NormLowering.inferenceGrad(norm, node);
      case LocalResponseNorm norm -> PoolingLowering.response(norm, node);
      case LocalResponseNormGrad grad -> PoolingLowering.responseGrad(grad.norm(), node);
      case Pool2d pool -> PoolingLowering.forward(pool, node);
      case Pool2dGrad grad -> PoolingLowering.backward(grad.pool(), node);
      case GlobalAveragePool ignored -> PoolingLowering.globalAverage(node);
      case ChannelMoments ignored -> PoolingLowering.moments(node);
      case GlobalAveragePoolGrad ignored -> PoolingLowering.globalAverageGrad(node);
      case SoftmaxCrossEntropy loss -> LossLowering.forward(loss, node);
      case SoftmaxCrossEntropyGrad loss -> LossLowering.backward(loss, node);
      case SgdSynaptic sgd -> UpdateLowering.step(sgd, node);
      case SparseSgdSynaptic sgd -> UpdateLowering.sparseStep(sgd.dense(), node);
      case SelectParameters select -> SelectionLowering.select(select, node);
      case PackSelected ignored -> SelectionLowering.pack(node);
      case UnpackSelected ignored -> SelectionLowering.unpack(node);
      case SynapticImportance importance -> UpdateLowering.importance(importance, node);
      case SymmetricUpdate update -> SymmetricLowering.update(update, node);
      case CholeskyFactor ignored -> SymmetricLowering.factor(node);
      case TriangularSolve solve -> SymmetricLowering.solve(solve, node);
      case ConsolidateHead head -> UpdateLowering.consolidate(head, node);
      case LoadHead ignored -> UpdateLowering.loadHead(node);
      case GatherLatents gather -> LatentLowering.gather(gather, node);
      case ScatterLatents scatter -> LatentLowering.scatter(scatter, node);
    }
  }
}
