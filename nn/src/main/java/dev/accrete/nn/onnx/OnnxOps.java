package dev.accrete.nn.onnx;

import dev.accrete.core.Node;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Our ops in ONNX's operators (github.com/onnx/onnx/blob/main/docs/Operators.md, set 17). What
 * trains has no form here; that a new op has one is asked by the compiler.
 */
final class OnnxOps {
  /** The constants of {@link PointFunction#GELU}, whose sigmoid is of x (a + b x^2). */
  private static final double GELU_A = 2 * Math.sqrt(2 / Math.PI);

  private static final double GELU_B = GELU_A * 0.044715;

  private final OnnxGraph graph;
  private final String layer;
  private final String input;

  /** The operands of an op, as values of the graph. */
  interface Operands {
    /** One of them, in a shape of as many elements. */
    String get(int index, Shape shape);

    /** All of them, as they are. */
    List<String> all();
  }

  /**
   * Writes the ops of one layer.
   *
   * @param input the value that the layer reads, whose first extent is the number of images
   */
  OnnxOps(OnnxGraph graph, String layer, String input) {
    this.graph = graph;
    this.layer = layer;
    this.input = input;
  }

  /**
   * Appends an op and gives the names of its results.
   *
   * @param few the op for {@link OnnxLayers#FEW} images
   * @param more the same for {@link OnnxLayers#MORE}
   */
  List<String> write(Node few, Node more, Operands operands) {
    Op op = few.op();
    if (!isSame(op, more.op())) {
      throw new NoFormException(
          "its op "
              + op
              + " for "
              + OnnxLayers.FEW
              + " images is "
              + more.op()
              + " for "
              + OnnxLayers.MORE);
    }
    return switch (op) {
      case Add _ -> one("Add", operands.all());
      case AddBias _ -> one("Add", withBias(few, operands));
      case BatchNormInference norm ->
          one("BatchNormalization", operands.all(), OnnxAttribute.real("epsilon", norm.epsilon()));
      case ChannelMoments _ -> moments(operands.all().getFirst());
      case Conv2d conv -> one("Conv", operands.all(), convolution(conv));
      case Fill fill ->
          one(
              "ConstantOfShape",
              List.of(extents(fill.shape(), more.outputs().getFirst().type().shape())),
              OnnxAttribute.tensor("value", fill.value()));
      case GlobalAveragePool _ -> List.of(mean(operands.all().getFirst()));
      case LocalResponseNorm norm -> one("LRN", operands.all(), response(norm));
      case MatMul product -> one("Gemm", operands.all(), product(product));
      case Pointwise point -> List.of(pointwise(point.function(), operands.all().getFirst()));
      case Pool2d pool -> pool(pool, few, operands.all());
      case Reshape reshape ->
          one(
              "Reshape",
              List.of(
                  operands.all().getFirst(),
                  reshaped(reshape.shape(), more.outputs().getFirst().type().shape())));
      case BatchNorm _,
          ChannelSum _,
          BatchNormInferenceGrad _,
          BatchRenorm _,
          BatchRenormGrad _,
          CholeskyFactor _,
          SymmetricUpdate _,
          TriangularSolve _,
          ConsolidateHead _,
          Conv2dInputGrad _,
          Conv2dWeightGrad _,
          Dropout _,
          GatherLatents _,
          GlobalAveragePoolGrad _,
          LoadHead _,
          LocalResponseNormGrad _,
          NormalizeImage _,
          PackSelected _,
          PointwiseGrad _,
          Pool2dGrad _,
          ScatterLatents _,
          SelectParameters _,
          SgdSynaptic _,
          SoftmaxCrossEntropy _,
          SoftmaxCrossEntropyGrad _,
          SparseSgdSynaptic _,
          SynapticImportance _,
          UnpackSelected _ ->
          throw new NoFormException("its op " + few.op().name() + " is not one of inference");
    };
  }

  /** Whether an op differs from another in nothing but the number of images. */
  private static boolean isSame(Op few, Op more) {
    return switch (few) {
      case Reshape _ -> more instanceof Reshape;
      case Fill fill ->
          more instanceof Fill other && Float.compare(fill.value(), other.value()) == 0;
      default -> few.equals(more);
    };
  }

  private String node(String type, List<String> operands, OnnxAttribute... attributes) {
    return graph.node(layer, type, operands, attributes);
  }

  private List<String> one(String type, List<String> operands, OnnxAttribute... attributes) {
    return List.of(node(type, operands, attributes));
  }

  /** The shape that elements are given, where ONNX may work out one extent. */
  private String reshaped(Shape few, Shape more) {
    long[] extents = Arrays.stream(few.toArray()).asLongStream().toArray();
    int open = 0;
    for (int axis = 0; axis < extents.length; axis++) {
      if (few.rank() != more.rank() || few.dim(axis) != more.dim(axis)) {
        extents[axis] = -1;
        open++;
      }
    }
    if (open > 1) {
      throw shapes(few, more);
    }
    return graph.integers(extents);
  }

  /** A shape for new elements; an extent that grows with the number of images is measured. */
  private String extents(Shape few, Shape more) {
    if (few.equals(more)) {
      return graph.integers(Arrays.stream(few.toArray()).asLongStream().toArray());
    }
    String images =
        node(
            "Shape",
            List.of(input),
            OnnxAttribute.integer("start", 0),
            OnnxAttribute.integer("end", 1));
    List<String> parts = new ArrayList<>();
    for (int axis = 0; axis < few.rank(); axis++) {
      int each = few.dim(axis) / OnnxLayers.FEW;
      if (few.rank() == more.rank() && few.dim(axis) == more.dim(axis)) {
        parts.add(graph.integers(few.dim(axis)));
      } else if (few.rank() == more.rank()
          && few.dim(axis) == OnnxLayers.FEW * each
          && more.dim(axis) == OnnxLayers.MORE * each) {
        parts.add(each == 1 ? images : node("Mul", List.of(images, graph.integers(each))));
      } else {
        throw shapes(few, more);
      }
    }
    return node("Concat", parts, OnnxAttribute.integer("axis", 0));
  }

  private static NoFormException shapes(Shape few, Shape more) {
    return new NoFormException(
        "a shape in it is "
            + few
            + " for "
            + OnnxLayers.FEW
            + " images and "
            + more
            + " for "
            + OnnxLayers.MORE);
  }

  /** The bias [C] as [C, 1, ...], for ONNX lines extents up from the last. */
  private static List<String> withBias(Node node, Operands operands) {
    Shape x = node.inputs().getFirst().type().shape();
    int[] extents = new int[x.rank() - 1];
    Arrays.fill(extents, 1);
    extents[0] = x.dim(1);
    return List.of(operands.get(0, x), operands.get(1, Shape.of(extents)));
  }

  /** As runtimes know it best. */
  private String mean(String x) {
    String planes = node("GlobalAveragePool", List.of(x));
    return node("Flatten", List.of(planes), OnnxAttribute.integer("axis", 1));
  }

  private List<String> moments(String x) {
    String planes = node("GlobalAveragePool", List.of(x));
    String centred = node("Sub", List.of(x, planes));
    String variance = mean(node("Mul", List.of(centred, centred)));
    String mean = node("Flatten", List.of(planes), OnnxAttribute.integer("axis", 1));
    return List.of(mean, node("Sqrt", List.of(variance)));
  }

  private static OnnxAttribute[] convolution(Conv2d conv) {
    return new OnnxAttribute[] {
      OnnxAttribute.integer("group", conv.groups()),
      OnnxAttribute.integers("strides", conv.strideH(), conv.strideW()),
      OnnxAttribute.integers("pads", conv.padH(), conv.padW(), conv.padH(), conv.padW())
    };
  }

  private static OnnxAttribute[] response(LocalResponseNorm norm) {
    return new OnnxAttribute[] {
      OnnxAttribute.integer("size", norm.size()),
      OnnxAttribute.real("alpha", norm.alpha()),
      OnnxAttribute.real("beta", norm.beta()),
      OnnxAttribute.real("bias", norm.k())
    };
  }

  private static OnnxAttribute[] product(MatMul product) {
    return new OnnxAttribute[] {
      OnnxAttribute.integer("transA", product.transposeA() ? 1 : 0),
      OnnxAttribute.integer("transB", product.transposeB() ? 1 : 0)
    };
  }

  /** The padding behind the image is what the last window reaches into, however that came about. */
  private List<String> pool(Pool2d pool, Node node, List<String> operands) {
    Shape x = node.inputs().getFirst().type().shape();
    Shape y = node.outputs().getFirst().type().shape();
    long below = behind(pool, x.dim(2), y.dim(2));
    long right = behind(pool, x.dim(3), y.dim(3));
    List<OnnxAttribute> attributes =
        new ArrayList<>(
            List.of(
                OnnxAttribute.integers("kernel_shape", pool.kernel(), pool.kernel()),
                OnnxAttribute.integers("strides", pool.stride(), pool.stride()),
                OnnxAttribute.integers("pads", pool.pad(), pool.pad(), below, right)));
    String type =
        switch (pool.kind()) {
          case MAX -> "MaxPool";
          case AVERAGE -> {
            attributes.add(OnnxAttribute.integer("count_include_pad", 0));
            yield "AveragePool";
          }
        };
    return one(type, operands, attributes.toArray(OnnxAttribute[]::new));
  }

  private static long behind(Pool2d pool, int size, int windows) {
    return Math.max(0, (windows - 1) * pool.stride() + pool.kernel() - size - pool.pad());
  }

  private String pointwise(PointFunction function, String x) {
    return switch (function) {
      case RELU -> node("Relu", List.of(x));
      case TANH -> node("Tanh", List.of(x));
      case SIGMOID -> node("Sigmoid", List.of(x));
      case HARD_SWISH -> node("HardSwish", List.of(x));
      case SILU -> node("Mul", List.of(x, node("Sigmoid", List.of(x))));
      case GELU -> {
        String square = node("Mul", List.of(x, x));
        String cubic = node("Mul", List.of(square, graph.scalar((float) GELU_B)));
        String slope = node("Add", List.of(cubic, graph.scalar((float) GELU_A)));
        String gate = node("Sigmoid", List.of(node("Mul", List.of(x, slope))));
        yield node("Mul", List.of(x, gate));
      }
    };
  }
}
