package dev.accrete.kernels.cuda;

import dev.accrete.core.Shape;
import dev.accrete.core.op.Conv2d;

/** Convolutions: as plain products, depthwise, or as products of patches. */
final class ConvolutionLowering {
  private ConvolutionLowering() {}

  /** The struct Conv of conv.cuh. */
  private record Geometry(Conv2d conv, Shape x, Shape weight, Shape y) {
    int[] struct() {
      return new int[] {
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        weight.dim(0),
        weight.dim(2),
        weight.dim(3),
        y.dim(2),
        y.dim(3),
        conv.strideH(),
        conv.strideW(),
        conv.padH(),
        conv.padW(),
        conv.groups()
      };
    }

    /** The input gradient of a depthwise convolution of stride 1 as one: from dy to dx. */
    int[] flipped() {
      return new int[] {
        y.dim(0),
        y.dim(1),
        y.dim(2),
        y.dim(3),
        weight.dim(0),
        weight.dim(2),
        weight.dim(3),
        x.dim(2),
        x.dim(3),
        1,
        1,
        weight.dim(2) - 1 - conv.padH(),
        weight.dim(3) - 1 - conv.padW(),
        conv.groups()
      };
    }

    private boolean strideIs(int stride) {
      return conv.strideH() == stride && conv.strideW() == stride;
    }

    private boolean kernelIs(int size) {
      return weight.dim(2) == size && weight.dim(3) == size;
    }

    /** A product of the pixels with the filters. */
    boolean pointwise() {
      return kernelIs(1)
          && strideIs(1)
          && conv.padH() == 0
          && conv.padW() == 0
          && conv.groups() == 1;
    }

    boolean depthwise() {
      return conv.groups() == x.dim(1) && conv.groups() == weight.dim(0);
    }

    int pixels() {
      return y.size() / y.dim(1);
    }

    int filters() {
      return weight.dim(0);
    }

    /** Whether the channels of a group are copied by the tensor cores' kernels without a rest. */
    boolean vectorsOfChannels() {
      return MatMulLowering.vectors(channels() / conv.groups());
    }

    boolean vectorsOfFilters() {
      return MatMulLowering.vectors(filters() / conv.groups());
    }

    int channels() {
      return x.dim(1);
    }
  }

  static void forward(Conv2d conv, LoweredNode node) {
    Geometry g = new Geometry(conv, node.shape(0), node.shape(1), node.resultShape(0));
    Buffer x = node.activation(0);
    Buffer weight = node.flat(1);
    Buffer y = node.activationResult(0);
    if (g.pointwise()) {
      MatMulLowering.multiply(
          node,
          new MatMulLowering.Operand(x, g.channels(), 1),
          new MatMulLowering.Operand(weight, g.channels(), 1),
          g.pixels(),
          g.filters(),
          g.channels(),
          y);
    } else if (g.depthwise()) {
      depthwise(g, node, x, weight, y);
    } else {
      int columns = g.filters() / conv.groups();
      int side = MatMulLowering.side(g.pixels(), columns);
      node.launch(
          KernelFile.CONV,
          "conv_forward_"
              + side
              + MatMulLowering.core(node, g.vectorsOfChannels() && MatMulLowering.vectors(x)),
          grid(side, g.pixels(), columns, conv.groups()),
          g.struct(),
          x,
          weight,
          y);
    }
  }

  private static void depthwise(Geometry g, LoweredNode node, Buffer x, Buffer weight, Buffer y) {
    if (g.kernelIs(3) && (g.strideIs(1) || g.strideIs(2))) {
      String kernel = "depthwise_3x3_stride" + g.conv.strideH();
      strips(node, kernel, g.struct(), g.y, false, x, weight, y);
    } else {
      node.launch(
          KernelFile.DEPTHWISE,
          "depthwise_forward",
          node.over(g.y.size()),
          g.struct(),
          x,
          weight,
          y);
    }
  }

  /** A thread makes four neighbours of a row. */
  private static void strips(
      LoweredNode node,
      String kernel,
      int[] struct,
      Shape made,
      boolean flip,
      Buffer from,
      Buffer weight,
      Buffer to) {
    int threads = made.size() / made.dim(3) * Math.ceilDiv(made.dim(3), 4);
    node.launch(
        KernelFile.DEPTHWISE, kernel, node.over(threads), struct, flip ? 1 : 0, from, weight, to);
  }

  private static Grid grid(int side, int rows, int columns, int z) {
    return Grid.blocks(Math.ceilDiv(rows, side), Math.ceilDiv(columns, side), z);
  }

  static void inputGrad(Conv2d conv, LoweredNode node) {
    Geometry g = new Geometry(conv, node.resultShape(0), node.shape(1), node.shape(0));
    Buffer dy = node.activation(0);
    Buffer weight = node.flat(1);
    Buffer dx = node.activationResult(0);
    if (g.pointwise()) {
      MatMulLowering.multiply(
          node,
          new MatMulLowering.Operand(dy, g.filters(), 1),
          new MatMulLowering.Operand(weight, 1, g.channels()),
          g.pixels(),
          g.channels(),
          g.filters(),
          dx);
    } else if (g.depthwise() && g.kernelIs(3) && g.strideIs(1)) {
      strips(node, "depthwise_3x3_stride1", g.flipped(), g.x, true, dy, weight, dx);
    } else if (g.depthwise()) {
      node.launch(
          KernelFile.DEPTHWISE,
          "depthwise_input_grad",
          node.over(g.x.size()),
          g.struct(),
          dy,
          weight,
          dx);
    } else {
      int rows = g.x.size() / g.channels();
      int columns = g.channels() / conv.groups();
      int side = MatMulLowering.side(rows, columns);
      node.launch(
          KernelFile.CONV,
          "conv_input_grad_"
              + side
              + MatMulLowering.core(node, g.vectorsOfFilters() && MatMulLowering.vectors(dy)),
          grid(side, rows, columns, conv.groups()),
          g.struct(),
          dy,
          weight,
          dx);
    }
  }

  static void weightGrad(Conv2d conv, LoweredNode node) {
    Geometry g = new Geometry(conv, node.shape(0), node.resultShape(0), node.shape(1));
    Buffer x = node.activation(0);
    Buffer dy = node.activation(1);
    Buffer dw = node.flatResult(0);
    if (g.pointwise()) {
      MatMulLowering.multiply(
          node,
          new MatMulLowering.Operand(dy, 1, g.filters()),
          new MatMulLowering.Operand(x, 1, g.channels()),
          g.filters(),
          g.channels(),
          g.pixels(),
          dw);
    } else if (g.depthwise()) {
      depthwiseWeightGrad(g, node, x, dy, dw);
    } else {
      denseWeightGrad(g, node, x, dy, dw);
    }
  }

  private static void denseWeightGrad(
      Geometry g, LoweredNode node, Buffer x, Buffer dy, Buffer dw) {
    int groups = g.conv.groups();
    int rows = g.filters() / groups;
    int columns = g.weight.size() / g.filters();
    int side = MatMulLowering.side(rows, columns);
    int tiles = Math.ceilDiv(rows, side) * Math.ceilDiv(columns, side) * groups;
    int length = MatMulLowering.partLength(tiles, g.pixels(), MatMulLowering.SLICE);
    int parts = Math.ceilDiv(g.pixels(), length);
    boolean vectors =
        g.vectorsOfChannels()
            && g.vectorsOfFilters()
            && MatMulLowering.vectors(x)
            && MatMulLowering.vectors(dy);
    Buffer target = parts == 1 ? dw : node.scratch(Math.multiplyExact(parts, g.weight.size()));
    node.launch(
        KernelFile.CONV,
        "conv_weight_grad_" + side + MatMulLowering.core(node, vectors),
        grid(side, rows, columns, parts * groups),
        g.struct(),
        length,
        x,
        dy,
        target);
    if (parts > 1) {
      MatMulLowering.addParts(node, g.weight.size(), parts, target, dw);
    }
  }

  private static void depthwiseWeightGrad(
      Geometry g, LoweredNode node, Buffer x, Buffer dy, Buffer dw) {
    int taps = g.weight.size() / g.channels();
    boolean atOnce = g.kernelIs(3);
    LoweredNode.Tiling tiling = LoweredNode.tiling(g.y.dim(0) * g.y.dim(2));
    Buffer partial = node.scratch(tiling.tiles() * g.weight.size());
    node.launch(
        KernelFile.DEPTHWISE,
        atOnce ? "depthwise_weight_grad_3x3" : "depthwise_weight_grad",
        tiling.grid(g.channels(), atOnce ? 1 : taps),
        g.struct(),
        tiling.rows(),
        x,
        dy,
        partial);
    node.launch(
        KernelFile.DEPTHWISE,
        "depthwise_weight_grad_finish",
        node.over(g.weight.size()),
        g.channels(),
        taps,
        tiling.tiles(),
        partial,
        dw);
  }
}
