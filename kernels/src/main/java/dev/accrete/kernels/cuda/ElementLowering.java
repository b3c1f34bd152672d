package dev.accrete.kernels.cuda;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.PointFunction;
import java.util.Locale;

/** Ops on one element at a time. */
final class ElementLowering {
  private ElementLowering() {}

  private static Buffer read(LoweredNode node, int operand, Layout layout) {
    return node.values().read(node.node().inputs().get(operand), layout);
  }

  private static Buffer write(LoweredNode node, Layout layout) {
    return node.values().write(node.results().getFirst(), layout);
  }

  static void add(LoweredNode node) {
    binary(KernelFile.ELEMENTS, "add", node);
  }

  static void pointwiseGrad(PointFunction function, LoweredNode node) {
    binary(KernelFile.POINTWISE, kernel(function) + "_grad", node);
  }

  /** A kernel (count, a, b, y); y may take the place of the operand the op names. */
  private static void binary(KernelFile file, String kernel, LoweredNode node) {
    Layout layout = node.elementwiseLayout();
    Buffer a = read(node, 0, layout);
    Buffer b = read(node, 1, layout);
    Buffer y = write(node, layout);
    int count = node.resultShape(0).size();
    node.launch(file, kernel, node.over(count), count, a, b, y);
    node.program().share(node.node().op().inPlaceInput(0) == 0 ? a : b, y);
  }

  static void pointwise(PointFunction function, LoweredNode node) {
    Layout layout = node.elementwiseLayout();
    Buffer x = read(node, 0, layout);
    Buffer y = write(node, layout);
    int count = node.resultShape(0).size();
    node.launch(KernelFile.POINTWISE, kernel(function), node.over(count), count, x, y);
    node.program().share(x, y);
  }

  /** What {@code ACCRETE_POINTWISE} of {@code pointwise.cu} calls it. */
  private static String kernel(PointFunction function) {
    return "pointwise_" + function.name().toLowerCase(Locale.ROOT);
  }

  static void addBias(LoweredNode node) {
    Shape shape = node.shape(0);
    Buffer x = node.activation(0);
    Buffer bias = node.flat(1);
    Buffer y = node.activationResult(0);
    node.launch(
        KernelFile.ELEMENTS,
        "add_bias",
        node.over(shape.size()),
        shape.size(),
        shape.dim(1),
        x,
        bias,
        y);
    node.program().share(x, y);
  }

  static void dropout(Dropout dropout, LoweredNode node) {
    Layout layout = node.elementwiseLayout();
    Shape shape = node.shape(0);
    boolean permuted = layout == Layout.CHANNELS_LAST && !Layout.agree(shape);
    Buffer x = read(node, 0, layout);
    Buffer key = node.flat(1);
    Buffer y = write(node, layout);
    node.launch(
        KernelFile.ELEMENTS,
        "dropout",
        node.over(shape.size()),
        shape.size(),
        permuted ? shape.dim(1) : 1,
        permuted ? shape.spatialSize() : shape.size(),
        dropout.threshold(),
        1 - dropout.rate(),
        x,
        key,
        y);
    node.program().share(x, y);
  }

  static void fill(Fill fill, LoweredNode node) {
    Value result = node.results().getFirst();
    Buffer y = node.flatResult(0);
    node.program().fill(y, fill.value(), fill.shape().size());
    if (result instanceof Value.Temporary) {
      node.values().uniform(result, y);
    }
  }

  static void reshape(LoweredNode node) {
    Buffer x = node.flat(0);
    Value result = node.results().getFirst();
    boolean temporaries =
        result instanceof Value.Temporary
            && node.node().inputs().getFirst() instanceof Value.Temporary;
    if (temporaries) {
      // Neither changes after it is made: one memory serves both.
      node.values().alias(result, x);
    } else {
      node.program().copy(node.flatResult(0), x, result.type().bytes());
    }
  }

  static void normalizeImage(NormalizeImage normalize, LoweredNode node) {
    Shape images = node.shape(0);
    int channels = images.dim(1);
    int[] moments = new int[2 * channels];
    for (int c = 0; c < channels; c++) {
      moments[c] = Float.floatToRawIntBits(normalize.mean().get(c));
      moments[channels + c] = Float.floatToRawIntBits(normalize.std().get(c));
    }
    int count = node.resultShape(0).size();
    node.launch(
        KernelFile.IMAGES,
        "normalize_image",
        node.over(count),
        count,
        channels,
        images.dim(2),
        images.dim(3),
        normalize.height(),
        normalize.width(),
        node.flat(0),
        node.flat(1),
        node.program().constant(moments),
        node.activationResult(0));
  }
}
