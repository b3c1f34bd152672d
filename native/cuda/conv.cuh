// The shape of a convolution as the backend passes it by value: only ints, in this order.
#pragma once
#include "accrete.cuh"

// x [images, height, width, channels], y [images, outHeight, outWidth, filters],
// weight [filters, channels / groups, kernelH, kernelW] (canonical).
struct Conv {
  int images, channels, height, width;
  int filters, kernelH, kernelW;
  int outHeight, outWidth;
  int strideH, strideW, padH, padW;
  int groups;
};
