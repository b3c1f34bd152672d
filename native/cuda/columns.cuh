// Sums over the rows of a channels-last tensor, one result per channel: the reduction behind
// normalization, biases and depthwise weight gradients.
//
// A block of 32 channels x 8 lanes takes the rows of one tile. Lane l adds rows l, l + 8, ... and
// the lanes are added in order. Tiles write partial sums; who reads those adds them in order too.
#pragma once
#include "accrete.cuh"

constexpr int kLanes = 8;

// Adds `value` over the lanes of each channel of the block. The sum is valid in lane 0.
// `scratch` holds kLanes * kWarp floats. All threads of the block must take part.
__device__ __forceinline__ float sum_lanes(float value, float* scratch) {
  int lane = threadIdx.y;
  int channel = threadIdx.x;
  __syncthreads();
  scratch[lane * kWarp + channel] = value;
  __syncthreads();
  if (lane != 0) return 0.0f;
  float sum = value;
  for (int i = 1; i < kLanes; i++) sum += scratch[i * kWarp + channel];
  return sum;
}

// The sum of `count` partial sums that lie `stride` apart, added in order in double precision: a few
// hundred numbers, of which a cancelling pair must not cost the result its digits.
__device__ __forceinline__ double sum_parts(const float* parts, int count, int stride) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += parts[(size_t)i * stride];
  return sum;
}
