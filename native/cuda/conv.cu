// Convolutions and their gradients as implicit products of matrices. The inner index of patches runs
// (r, s, c), channels fastest, along memory. A block works on one group: blockIdx.z.
//
// Operations: 2 * images * outHeight * outWidth * filters * channels / groups * kernelH * kernelW,
// for each of the three. Bytes: x, y and the weight once each, as far as L2 keeps what neighbouring
// tiles share. The input gradient of a strided convolution also multiplies the taps between the
// strides, by zero.
#include "conv.cuh"
#include "mma.cuh"

// A tap (r, s) of the filter and a channel within the group (c), or a filter within it.
struct Tap {
  int r, s, c;
};

__device__ __forceinline__ Tap tap_of(int index, int width, int channels) {
  return {index / channels / width, index / channels % width, index % channels};
}

// A of the forward product: a line is a pixel of y, an element a pixel of its window in x.
struct Patches {
  static constexpr bool kInnerFast = true;
  struct Outer {
    int image, top, left;
  };
  typedef Tap Inner;

  Conv conv;
  const float* x;
  int group;

  __device__ __forceinline__ Outer outer(int pixel) const {
    int column = pixel % conv.outWidth;
    int row = pixel / conv.outWidth % conv.outHeight;
    int image = pixel / conv.outWidth / conv.outHeight;
    return {image, row * conv.strideH - conv.padH, column * conv.strideW - conv.padW};
  }
  __device__ __forceinline__ Inner inner(int k) const {
    return tap_of(k, conv.kernelW, conv.channels / conv.groups);
  }
  __device__ __forceinline__ const float* find(Outer o, Inner tap) const {
    int row = o.top + tap.r;
    int column = o.left + tap.s;
    bool inside = o.image < conv.images && row >= 0 && row < conv.height && column >= 0 &&
                  column < conv.width;
    if (!inside) return nullptr;
    int pixel = (o.image * conv.height + row) * conv.width + column;
    return x + (pixel * conv.channels + group * (conv.channels / conv.groups) + tap.c);
  }
};

// B of the forward product: a line is a filter.
struct Filters {
  static constexpr bool kInnerFast = true;
  struct Outer {
    int offset;
  };
  typedef int Inner;

  Conv conv;
  const float* weight;
  int group;

  __device__ __forceinline__ Outer outer(int i) const {
    int perGroup = conv.filters / conv.groups;
    int length = conv.channels / conv.groups * conv.kernelH * conv.kernelW;
    return {i < perGroup ? (group * perGroup + i) * length : kNowhere};
  }
  __device__ __forceinline__ Inner inner(int k) const {
    Tap tap = tap_of(k, conv.kernelW, conv.channels / conv.groups);
    return (tap.c * conv.kernelH + tap.r) * conv.kernelW + tap.s;
  }
  __device__ __forceinline__ const float* find(Outer o, Inner offset) const {
    return o.offset == kNowhere ? nullptr : weight + (o.offset + offset);
  }
};

// A of the input gradient: a line is a pixel of x, an element a pixel of dy whose window holds it.
struct Windows {
  static constexpr bool kInnerFast = true;
  struct Outer {
    int image, bottom, right;
  };
  typedef Tap Inner;

  Conv conv;
  const float* dy;
  int group;

  __device__ __forceinline__ Outer outer(int pixel) const {
    int column = pixel % conv.width;
    int row = pixel / conv.width % conv.height;
    return {pixel / conv.width / conv.height, row + conv.padH, column + conv.padW};
  }
  __device__ __forceinline__ Inner inner(int k) const {
    return tap_of(k, conv.kernelW, conv.filters / conv.groups);
  }
  __device__ __forceinline__ const float* find(Outer o, Inner tap) const {
    int top = o.bottom - tap.r;
    int left = o.right - tap.s;
    bool inside = o.image < conv.images && top >= 0 && left >= 0 && top % conv.strideH == 0 &&
                  left % conv.strideW == 0;
    int row = top / conv.strideH;
    int column = left / conv.strideW;
    if (!inside || row >= conv.outHeight || column >= conv.outWidth) return nullptr;
    int pixel = (o.image * conv.outHeight + row) * conv.outWidth + column;
    return dy + (pixel * conv.filters + group * (conv.filters / conv.groups) + tap.c);
  }
};

// B of the input gradient: a line is a channel of x, an element a tap of a filter.
struct ChannelTaps {
  static constexpr bool kInnerFast = false;
  struct Outer {
    int offset;
  };
  typedef int Inner;

  Conv conv;
  const float* weight;
  int group;

  __device__ __forceinline__ Outer outer(int c) const {
    return {c < conv.channels / conv.groups ? c * conv.kernelH * conv.kernelW : kNowhere};
  }
  __device__ __forceinline__ Inner inner(int k) const {
    int perGroup = conv.filters / conv.groups;
    Tap tap = tap_of(k, conv.kernelW, perGroup);
    int filter = (group * perGroup + tap.c) * (conv.channels / conv.groups);
    return (filter * conv.kernelH + tap.r) * conv.kernelW + tap.s;
  }
  __device__ __forceinline__ const float* find(Outer o, Inner offset) const {
    return o.offset == kNowhere ? nullptr : weight + (o.offset + offset);
  }
};

// B of the weight gradient: a line is a tap and a channel, an element what it meets at a pixel of y.
struct TapImages {
  static constexpr bool kInnerFast = false;
  typedef Tap Outer;
  struct Inner {
    int image, top, left;
  };

  Conv conv;
  const float* x;
  int group;

  __device__ __forceinline__ Outer outer(int i) const {
    return tap_of(i, conv.kernelW, conv.channels / conv.groups);
  }
  __device__ __forceinline__ Inner inner(int pixel) const {
    int column = pixel % conv.outWidth;
    int row = pixel / conv.outWidth % conv.outHeight;
    int image = pixel / conv.outWidth / conv.outHeight;
    return {image, row * conv.strideH - conv.padH, column * conv.strideW - conv.padW};
  }
  __device__ __forceinline__ const float* find(Outer tap, Inner p) const {
    int row = p.top + tap.r;
    int column = p.left + tap.s;
    bool inside = tap.r < conv.kernelH && row >= 0 && row < conv.height && column >= 0 &&
                  column < conv.width;
    if (!inside) return nullptr;
    int pixel = (p.image * conv.height + row) * conv.width + column;
    return x + (pixel * conv.channels + group * (conv.channels / conv.groups) + tap.c);
  }
};

template <class Core>
__device__ __forceinline__ void forward(const Conv& conv, const float* x,
                                               const float* weight, float* y) {
  int group = blockIdx.z;
  int rows = conv.images * conv.outHeight * conv.outWidth;
  int cols = conv.filters / conv.groups;
  int inner = conv.channels / conv.groups * conv.kernelH * conv.kernelW;
  int filters = conv.filters;
  Patches patches = {conv, x, group};
  Filters lines = {conv, weight, group};
  Core::template multiply<4, 1>(patches, lines, blockIdx.x, blockIdx.y, 0, inner,
                                [=](int row, int col, float sum) {
                                  if (row < rows && col < cols) {
                                    y[(size_t)row * filters + group * cols + col] = sum;
                                  }
                                });
}

template <class Core>
__device__ __forceinline__ void input_grad(const Conv& conv, const float* dy,
                                                  const float* weight, float* dx) {
  int group = blockIdx.z;
  int rows = conv.images * conv.height * conv.width;
  int cols = conv.channels / conv.groups;
  int inner = conv.filters / conv.groups * conv.kernelH * conv.kernelW;
  int channels = conv.channels;
  Windows windows = {conv, dy, group};
  ChannelTaps taps = {conv, weight, group};
  Core::template multiply<4, 1>(windows, taps, blockIdx.x, blockIdx.y, 0, inner,
                                [=](int row, int col, float sum) {
                                  if (row < rows && col < cols) {
                                    dx[(size_t)row * channels + group * cols + col] = sum;
                                  }
                                });
}

// A slab of the whole weight for each part of splitLength pixels; who runs this adds them in order.
template <class Core>
__device__ __forceinline__ void weight_grad(const Conv& conv, int splitLength,
                                                   const float* x, const float* dy, float* dw) {
  int group = blockIdx.z % conv.groups;
  int split = blockIdx.z / conv.groups;
  int rows = conv.filters / conv.groups;
  int channels = conv.channels / conv.groups;
  int area = conv.kernelH * conv.kernelW;
  int cols = channels * area;
  int pixels = conv.images * conv.outHeight * conv.outWidth;
  int from = split * splitLength;
  float* slab = dw + (size_t)split * conv.filters * cols;
  Matrix<false> upstream = {dy + group * rows, rows, 1, conv.filters};
  TapImages images = {conv, x, group};
  Core::template multiply<4, 4>(
      upstream, images, blockIdx.x, blockIdx.y, from, min(pixels, from + splitLength),
      [=](int row, int col, float sum) {
        if (row < rows && col < cols) {
          size_t filter = (size_t)(group * rows + row) * channels;
          slab[(filter + col % channels) * area + col / channels] = sum;
        }
      });
}

#define ACCRETE_CONV(suffix, ...)                                                                 \
  extern "C" __global__ void __launch_bounds__(kThreads, 2)                                       \
  conv_forward_##suffix(Conv conv, const float* __restrict__ x, const float* __restrict__ weight, \
                        float* __restrict__ y) {                                                  \
    forward<__VA_ARGS__>(conv, x, weight, y);                                                     \
  }                                                                                               \
  ACCRETE_EXPORT(conv_forward_##suffix)                                                           \
  extern "C" __global__ void __launch_bounds__(kThreads, 2)                                       \
  conv_input_grad_##suffix(Conv conv, const float* __restrict__ dy,                               \
                           const float* __restrict__ weight, float* __restrict__ dx) {            \
    input_grad<__VA_ARGS__>(conv, dy, weight, dx);                                                \
  }                                                                                               \
  ACCRETE_EXPORT(conv_input_grad_##suffix)                                                        \
  extern "C" __global__ void __launch_bounds__(kThreads, 2)                                       \
  conv_weight_grad_##suffix(Conv conv, int splitLength, const float* __restrict__ x,              \
                            const float* __restrict__ dy, float* __restrict__ dw) {               \
    weight_grad<__VA_ARGS__>(conv, splitLength, x, dy, dw);                                       \
  }                                                                                               \
  ACCRETE_EXPORT(conv_weight_grad_##suffix)

ACCRETE_CONV(64, FmaCore<64>)
ACCRETE_CONV(128, FmaCore<128>)

// For channels and filters of a group that are multiples of four.
ACCRETE_CONV(64_tf32, TensorCore<64, Tf32>)
ACCRETE_CONV(128_tf32, TensorCore<128, Tf32>)
ACCRETE_CONV(64_bf16, TensorCore<64, Bf16>)
ACCRETE_CONV(128_bf16, TensorCore<128, Bf16>)
