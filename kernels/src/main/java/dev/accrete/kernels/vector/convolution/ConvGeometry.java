package dev.accrete.kernels.vector.convolution;

import dev.accrete.core.Shape;
import dev.accrete.core.op.Conv2d;

/**
 * The extents of one convolution: x [images, channels, height, width], weight [outChannels,
 * channels/groups, kernelH, kernelW], y [images, outChannels, outHeight, outWidth].
 *
 * @param planarInput whether x is canonical NCHW in memory (images); otherwise it is blocked
 */
public record ConvGeometry(
    int images,
    int channels,
    int height,
    int width,
    int outChannels,
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int padH,
    int padW,
    int groups,
    boolean planarInput) {

  /** The geometry of {@code conv} for these operands. */
  public static ConvGeometry of(Conv2d conv, Shape x, Shape weight, boolean planarInput) {
    return new ConvGeometry(
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        weight.dim(0),
        weight.dim(2),
        weight.dim(3),
        conv.strideH(),
        conv.strideW(),
        conv.padH(),
        conv.padW(),
        conv.groups(),
        planarInput);
  }

  /** The height of y. */
  public int outHeight() {
    return (height + 2 * padH - kernelH) / strideH + 1;
  }

  /** The width of y. */
  public int outWidth() {
    return (width + 2 * padW - kernelW) / strideW + 1;
  }

  /** Output positions of one image. */
  public int outPositions() {
    return outHeight() * outWidth();
  }

  /** Channels of x in one group. */
  public int groupChannels() {
    return channels / groups;
  }

  /** Channels of y in one group. */
  public int groupOutChannels() {
    return outChannels / groups;
  }

  /** Elements of one row of the weight: one output channel. */
  public int weightRow() {
    return groupChannels() * kernelH * kernelW;
  }

  /** Whether every output position reads exactly the input position of the same index. */
  boolean isPointwise() {
    return kernelH == 1 && kernelW == 1 && strideH == 1 && strideW == 1 && padH == 0 && padW == 0;
  }

  /** Whether every channel is convolved alone into one output channel, in the blocked layout. */
  public boolean isDepthwise() {
    return groups == channels && outChannels == channels && !planarInput;
  }

  /** A 1x1 convolution over y's positions: the geometry of the rows of y itself. */
  public ConvGeometry ofOutput() {
    return new ConvGeometry(
        images, outChannels, outHeight(), outWidth(), outChannels, 1, 1, 1, 1, 0, 0, groups, false);
  }
}
