// Depthwise convolutions: one filter per channel. Bound by memory: 4 bytes read and 4 written per
// element of x and y, 18 operations for each result of a 3 x 3 filter.
#include "columns.cuh"
#include "conv.cuh"

constexpr int kStrip = 4;

// 3 x 3 filters: a thread makes four neighbouring results of a row, so that it loads 18 (27 with
// stride 2) elements of x instead of 36. `flip` turns the filter around, which with padding 2 - pad
// makes the input gradient of stride 1 of it. conv gives source and destination as x and y.
template <int kStride>
__device__ __forceinline__ void strip3x3(const Conv& conv, bool flip, const float* x,
                                                const float* weight, float* y) {
  constexpr int kSpan = (kStrip - 1) * kStride + 3;
  int strips = (conv.outWidth + kStrip - 1) / kStrip;
  unsigned count = (unsigned)conv.images * conv.outHeight * strips * conv.channels;
  ACCRETE_FOR(i, count) {
    int c = i % conv.channels;
    int first = i / conv.channels % strips * kStrip;
    int row = i / conv.channels / strips % conv.outHeight;
    int image = i / conv.channels / strips / conv.outHeight;
    float sums[kStrip] = {};
#pragma unroll
    for (int r = 0; r < 3; r++) {
      int from = row * kStride - conv.padH + r;
      if (from < 0 || from >= conv.height) continue;
      size_t line = ((size_t)image * conv.height + from) * conv.width;
      float span[kSpan];
#pragma unroll
      for (int j = 0; j < kSpan; j++) {
        int column = first * kStride - conv.padW + j;
        bool inside = column >= 0 && column < conv.width;
        span[j] = inside ? x[(line + column) * conv.channels + c] : 0.0f;
      }
#pragma unroll
      for (int s = 0; s < 3; s++) {
        int tap = r * 3 + s;
        float factor = weight[c * 9 + (flip ? 8 - tap : tap)];
#pragma unroll
        for (int j = 0; j < kStrip; j++) sums[j] += span[j * kStride + s] * factor;
      }
    }
    size_t out = ((size_t)image * conv.outHeight + row) * conv.outWidth + first;
#pragma unroll
    for (int j = 0; j < kStrip; j++) {
      if (first + j < conv.outWidth) y[(out + j) * conv.channels + c] = sums[j];
    }
  }
}

extern "C" __global__ void __launch_bounds__(kThreads)
depthwise_3x3_stride1(Conv conv, int flip, const float* __restrict__ x,
                      const float* __restrict__ weight, float* __restrict__ y) {
  strip3x3<1>(conv, flip != 0, x, weight, y);
}
ACCRETE_EXPORT(depthwise_3x3_stride1)

extern "C" __global__ void __launch_bounds__(kThreads)
depthwise_3x3_stride2(Conv conv, int flip, const float* __restrict__ x,
                      const float* __restrict__ weight, float* __restrict__ y) {
  strip3x3<2>(conv, flip != 0, x, weight, y);
}
ACCRETE_EXPORT(depthwise_3x3_stride2)

// Any filter and stride: a thread makes one result.
extern "C" __global__ void __launch_bounds__(kThreads)
depthwise_forward(Conv conv, const float* __restrict__ x, const float* __restrict__ weight,
                  float* __restrict__ y) {
  unsigned count = (unsigned)conv.images * conv.outHeight * conv.outWidth * conv.channels;
  ACCRETE_FOR(i, count) {
    int c = i % conv.channels;
    int left = i / conv.channels % conv.outWidth * conv.strideW - conv.padW;
    int top = i / conv.channels / conv.outWidth % conv.outHeight * conv.strideH - conv.padH;
    int image = i / conv.channels / conv.outWidth / conv.outHeight;
    float sum = 0;
    for (int r = max(0, -top); r < min(conv.kernelH, conv.height - top); r++) {
      for (int s = max(0, -left); s < min(conv.kernelW, conv.width - left); s++) {
        size_t pixel = ((size_t)image * conv.height + top + r) * conv.width + left + s;
        float factor = weight[(c * conv.kernelH + r) * conv.kernelW + s];
        sum += x[pixel * conv.channels + c] * factor;
      }
    }
    y[i] = sum;
  }
}
ACCRETE_EXPORT(depthwise_forward)

// Any filter and stride: a thread gathers what reaches one element of x.
extern "C" __global__ void __launch_bounds__(kThreads)
depthwise_input_grad(Conv conv, const float* __restrict__ dy, const float* __restrict__ weight,
                     float* __restrict__ dx) {
  unsigned count = (unsigned)conv.images * conv.height * conv.width * conv.channels;
  ACCRETE_FOR(i, count) {
    int c = i % conv.channels;
    int right = i / conv.channels % conv.width + conv.padW;
    int bottom = i / conv.channels / conv.width % conv.height + conv.padH;
    int image = i / conv.channels / conv.width / conv.height;
    float sum = 0;
    for (int r = bottom % conv.strideH; r < min(conv.kernelH, bottom + 1); r += conv.strideH) {
      int row = (bottom - r) / conv.strideH;
      if (row >= conv.outHeight) continue;
      for (int s = right % conv.strideW; s < min(conv.kernelW, right + 1); s += conv.strideW) {
        int column = (right - s) / conv.strideW;
        if (column >= conv.outWidth) continue;
        size_t pixel = ((size_t)image * conv.outHeight + row) * conv.outWidth + column;
        float factor = weight[(c * conv.kernelH + r) * conv.kernelW + s];
        sum += dy[pixel * conv.channels + c] * factor;
      }
    }
    dx[i] = sum;
  }
}
ACCRETE_EXPORT(depthwise_input_grad)

// One tap of the weight gradient over a tile of rows of y: grid (channels / 32, tiles, taps), blocks
// 32 x 8. Writes partial [tiles, taps, C]. Every tap reads x and dy anew, from L2 where they fit.
extern "C" __global__ void __launch_bounds__(kThreads)
depthwise_weight_grad(Conv conv, int tileRows, const float* __restrict__ x,
                      const float* __restrict__ dy, float* __restrict__ partial) {
  ACCRETE_SHARED(float, scratch, kLanes * kWarp);
  int c = blockIdx.x * kWarp + threadIdx.x;
  int tap = blockIdx.z;
  int r = tap / conv.kernelW;
  int s = tap % conv.kernelW;
  int end = min(conv.images * conv.outHeight, (int)(blockIdx.y + 1) * tileRows);
  float sum = 0;
  for (int line = blockIdx.y * tileRows + threadIdx.y; c < conv.channels && line < end;
       line += kLanes) {
    int image = line / conv.outHeight;
    int row = line % conv.outHeight * conv.strideH - conv.padH + r;
    if (row < 0 || row >= conv.height) continue;
    for (int j = 0; j < conv.outWidth; j++) {
      int column = j * conv.strideW - conv.padW + s;
      if (column < 0 || column >= conv.width) continue;
      size_t from = ((size_t)image * conv.height + row) * conv.width + column;
      size_t to = (size_t)line * conv.outWidth + j;
      sum += x[from * conv.channels + c] * dy[to * conv.channels + c];
    }
  }
  sum = sum_lanes(sum, scratch);
  if (threadIdx.y == 0 && c < conv.channels) {
    partial[((size_t)blockIdx.y * gridDim.z + tap) * conv.channels + c] = sum;
  }
}
ACCRETE_EXPORT(depthwise_weight_grad)

// The same for all nine taps of a 3 x 3 filter at once: x and dy are read once. Grid (channels / 32,
// tiles); 18 operations per 8 bytes.
extern "C" __global__ void __launch_bounds__(kThreads)
depthwise_weight_grad_3x3(Conv conv, int tileRows, const float* __restrict__ x,
                          const float* __restrict__ dy, float* __restrict__ partial) {
  ACCRETE_SHARED(float, scratch, kLanes * kWarp);
  int c = blockIdx.x * kWarp + threadIdx.x;
  int end = min(conv.images * conv.outHeight, (int)(blockIdx.y + 1) * tileRows);
  float sums[9] = {};
  for (int line = blockIdx.y * tileRows + threadIdx.y; c < conv.channels && line < end;
       line += kLanes) {
    int image = line / conv.outHeight;
    int top = line % conv.outHeight * conv.strideH - conv.padH;
    for (int j = 0; j < conv.outWidth; j++) {
      float upstream = dy[((size_t)line * conv.outWidth + j) * conv.channels + c];
      int left = j * conv.strideW - conv.padW;
#pragma unroll
      for (int tap = 0; tap < 9; tap++) {
        int row = top + tap / 3;
        int column = left + tap % 3;
        bool inside = row >= 0 && row < conv.height && column >= 0 && column < conv.width;
        size_t pixel = ((size_t)image * conv.height + row) * conv.width + column;
        if (inside) sums[tap] += x[pixel * conv.channels + c] * upstream;
      }
    }
  }
#pragma unroll
  for (int tap = 0; tap < 9; tap++) {
    float sum = sum_lanes(sums[tap], scratch);
    if (threadIdx.y == 0 && c < conv.channels) {
      partial[((size_t)blockIdx.y * 9 + tap) * conv.channels + c] = sum;
    }
  }
}
ACCRETE_EXPORT(depthwise_weight_grad_3x3)

// dw [C, taps] from partial [tiles, taps, C], tile by tile.
extern "C" __global__ void __launch_bounds__(kThreads)
depthwise_weight_grad_finish(unsigned channels, unsigned taps, int tiles,
                             const float* __restrict__ partial, float* __restrict__ dw) {
  ACCRETE_FOR(i, channels * taps) {
    unsigned c = i % channels;
    unsigned tap = i / channels;
    dw[c * taps + tap] = (float)sum_parts(partial + i, tiles, channels * taps);
  }
}
ACCRETE_EXPORT(depthwise_weight_grad_finish)
