package dev.accrete.kernels.cuda;

import static dev.accrete.kernels.cuda.LoweredNode.rows;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Slice;
import dev.accrete.core.op.SliceGrad;

/** Ops on one element at a time, and those that move elements. */
final class ElementLowering {
  private ElementLowering() {}

  private static Buffer read(LoweredNode node, int operand, Layout layout) {
    return node.values().read(node.node().inputs().get(operand), layout);
  }

  private static Buffer write(LoweredNode node, Layout layout) {
    return node.values().write(node.results().getFirst(), layout);
  }

  /** A kernel (count, a, b, y); y may take the place of the operand the op names. */
  static void binary(String kernel, LoweredNode node) {
    Layout layout = node.elementwiseLayout();
    Buffer a = read(node, 0, layout);
    Buffer b = read(node, 1, layout);
    Buffer y = write(node, layout);
    int count = node.resultShape(0).size();
    node.launch(KernelFile.ELEMENTS, kernel, node.over(count), count, a, b, y);
    node.program().share(node.node().op().inPlaceInput(0) == 0 ? a : b, y);
  }

  static void relu(LoweredNode node) {
    Layout layout = node.elementwiseLayout();
    Buffer x = read(node, 0, layout);
    Buffer y = write(node, layout);
    int count = node.resultShape(0).size();
    node.launch(KernelFile.ELEMENTS, "relu", node.over(count), count, x, y);
    node.program().share(x, y);
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

  static void concat(LoweredNode node) {
    Buffer y = node.activationResult(0);
    int channels = node.resultShape(0).dim(1);
    int from = 0;
    for (int i = 0; i < node.node().inputs().size(); i++) {
      int width = node.shape(i).dim(1);
      copyChannels(node, node.activation(i), width, 0, width, y, channels, from);
      from += width;
    }
  }

  static void slice(Slice slice, LoweredNode node) {
    Buffer x = node.activation(0);
    int channels = node.shape(0).dim(1);
    int width = slice.to() - slice.from();
    copyChannels(node, x, channels, slice.from(), width, node.activationResult(0), width, 0);
  }

  private static void copyChannels(
      LoweredNode node,
      Buffer in,
      int inChannels,
      int inFrom,
      int width,
      Buffer out,
      int outChannels,
      int outFrom) {
    int rows = rows(node.resultShape(0));
    node.launch(
        KernelFile.LAYOUT,
        "copy_channels",
        node.over(rows * width),
        rows,
        width,
        inChannels,
        inFrom,
        outChannels,
        outFrom,
        in,
        out);
  }

  static void sliceGrad(SliceGrad grad, LoweredNode node) {
    int rows = rows(node.resultShape(0));
    node.launch(
        KernelFile.LAYOUT,
        "spread_channels",
        node.over(node.resultShape(0).size()),
        rows,
        grad.slice().to() - grad.slice().from(),
        grad.channels(),
        grad.slice().from(),
        node.activation(0),
        node.activationResult(0));
  }
}
