// Pooling over windows and over whole planes, channels-last. Bound by memory: x and y once each,
// windows that overlap from cache.
#include "accrete.cuh"

// Passed by value: only ints, in this order.
struct Pool {
  int images, channels, height, width, outHeight, outWidth;
  int kernel, stride, pad;
};

// The rows and columns of x in a window: [top, bottom) x [left, right).
struct Window {
  int top, bottom, left, right;
};

__device__ __forceinline__ Window window_of(const Pool& pool, int row, int column) {
  int top = row * pool.stride - pool.pad;
  int left = column * pool.stride - pool.pad;
  return {max(0, top), min(pool.height, top + pool.kernel), max(0, left),
          min(pool.width, left + pool.kernel)};
}

__device__ __forceinline__ size_t element(const Pool& pool, int image, int row, int column,
                                                 int c) {
  size_t pixel = ((size_t)image * pool.height + row) * pool.width + column;
  return pixel * pool.channels + c;
}

// The pixel (row * width + column) of the first largest element of a window.
__device__ __forceinline__ int argmax(const Pool& pool, const float* x, int image, int c,
                                             const Window& window) {
  int best = window.top * pool.width + window.left;
  float largest = x[element(pool, image, window.top, window.left, c)];
  for (int row = window.top; row < window.bottom; row++) {
    for (int column = window.left; column < window.right; column++) {
      float value = x[element(pool, image, row, column, c)];
      if (value > largest) {
        largest = value;
        best = row * pool.width + column;
      }
    }
  }
  return best;
}

extern "C" __global__ void __launch_bounds__(kThreads)
max_pool(Pool pool, const float* __restrict__ x, float* __restrict__ y) {
  unsigned count = (unsigned)pool.images * pool.outHeight * pool.outWidth * pool.channels;
  ACCRETE_FOR(i, count) {
    int c = i % pool.channels;
    int column = i / pool.channels % pool.outWidth;
    int row = i / pool.channels / pool.outWidth % pool.outHeight;
    int image = i / pool.channels / pool.outWidth / pool.outHeight;
    int best = argmax(pool, x, image, c, window_of(pool, row, column));
    y[i] = x[element(pool, image, best / pool.width, best % pool.width, c)];
  }
}
ACCRETE_EXPORT(max_pool)

extern "C" __global__ void __launch_bounds__(kThreads)
average_pool(Pool pool, const float* __restrict__ x, float* __restrict__ y) {
  unsigned count = (unsigned)pool.images * pool.outHeight * pool.outWidth * pool.channels;
  ACCRETE_FOR(i, count) {
    int c = i % pool.channels;
    int column = i / pool.channels % pool.outWidth;
    int row = i / pool.channels / pool.outWidth % pool.outHeight;
    int image = i / pool.channels / pool.outWidth / pool.outHeight;
    Window window = window_of(pool, row, column);
    float sum = 0;
    for (int h = window.top; h < window.bottom; h++) {
      for (int w = window.left; w < window.right; w++) sum += x[element(pool, image, h, w, c)];
    }
    y[i] = sum / ((window.bottom - window.top) * (window.right - window.left));
  }
}
ACCRETE_EXPORT(average_pool)

// What the windows that hold an element pass back to it: all of dy where it is the maximum, its
// share of the average otherwise. A thread gathers for one element of x, window by window in order.
extern "C" __global__ void __launch_bounds__(kThreads)
pool_grad(Pool pool, int maximum, const float* __restrict__ x, const float* __restrict__ dy,
          float* __restrict__ dx) {
  unsigned count = (unsigned)pool.images * pool.height * pool.width * pool.channels;
  ACCRETE_FOR(i, count) {
    int c = i % pool.channels;
    int column = i / pool.channels % pool.width;
    int row = i / pool.channels / pool.width % pool.height;
    int image = i / pool.channels / pool.width / pool.height;
    int lastRow = min(pool.outHeight - 1, (row + pool.pad) / pool.stride);
    int lastColumn = min(pool.outWidth - 1, (column + pool.pad) / pool.stride);
    int firstRow = max(0, (row + pool.pad - pool.kernel) / pool.stride);
    int firstColumn = max(0, (column + pool.pad - pool.kernel) / pool.stride);
    float sum = 0;
    for (int h = firstRow; h <= lastRow; h++) {
      for (int w = firstColumn; w <= lastColumn; w++) {
        Window window = window_of(pool, h, w);
        if (row < window.top || row >= window.bottom || column < window.left ||
            column >= window.right) {
          continue;
        }
        size_t out = ((size_t)image * pool.outHeight + h) * pool.outWidth + w;
        float upstream = dy[out * pool.channels + c];
        if (maximum == 0) {
          sum += upstream / ((window.bottom - window.top) * (window.right - window.left));
        } else if (argmax(pool, x, image, c, window) == row * pool.width + column) {
          sum += upstream;
        }
      }
    }
    dx[i] = sum;
  }
}
ACCRETE_EXPORT(pool_grad)

// The mean of each plane: a thread per image and channel.
extern "C" __global__ void __launch_bounds__(kThreads)
global_average(unsigned images, unsigned channels, unsigned spatial, const float* __restrict__ x,
               float* __restrict__ y) {
  ACCRETE_FOR(i, images * channels) {
    const float* plane = x + (size_t)(i / channels) * spatial * channels + i % channels;
    float sum = 0;
    for (unsigned s = 0; s < spatial; s++) sum += plane[(size_t)s * channels];
    y[i] = sum / spatial;
  }
}
ACCRETE_EXPORT(global_average)

// Mean and deviation of each plane: a thread per image and channel, x read twice, the second time
// mostly from cache. What the rounded mean leaves of the sum is taken out again.
extern "C" __global__ void __launch_bounds__(kThreads)
channel_moments(unsigned images, unsigned channels, unsigned spatial, const float* __restrict__ x,
                float* __restrict__ mean, float* __restrict__ deviation) {
  ACCRETE_FOR(i, images * channels) {
    const float* plane = x + (size_t)(i / channels) * spatial * channels + i % channels;
    float sum = 0;
    for (unsigned s = 0; s < spatial; s++) sum += plane[(size_t)s * channels];
    float average = sum / spatial;
    float rest = 0;
    float squares = 0;
    for (unsigned s = 0; s < spatial; s++) {
      float difference = plane[(size_t)s * channels] - average;
      rest += difference;
      squares += difference * difference;
    }
    rest /= spatial;
    mean[i] = average;
    deviation[i] = sqrtf(fmaxf(squares / spatial - rest * rest, 0.0f));
  }
}
ACCRETE_EXPORT(channel_moments)

extern "C" __global__ void __launch_bounds__(kThreads)
global_average_grad(unsigned count, unsigned channels, unsigned spatial,
                    const float* __restrict__ dy, float* __restrict__ dx) {
  ACCRETE_FOR(i, count) {
    unsigned c = i % channels;
    unsigned image = i / channels / spatial;
    dx[i] = dy[image * channels + c] / spatial;
  }
}
ACCRETE_EXPORT(global_average_grad)
