// Batch normalization and renormalization (Ioffe 2017), in the steps that need the whole mini-batch
// between them: sums over tiles of rows, then a thread per channel, then a pass over the elements.
//
// `affine` [3, C] is what the last pass needs per channel. Bytes per element of x: statistics 4,
// apply 8; gradient sums 8, gradient 12. The steps per channel read a few hundred partial sums.
#include "columns.cuh"

// Grid (channels / 32, tiles), blocks 32 x 8. partial [tiles, 2, C]: sums of x - p and (x - p)^2
// with the channel's first element as pivot p, which keeps the variance of values far from 0 exact.
extern "C" __global__ void __launch_bounds__(kThreads)
norm_statistics(int rows, int channels, int tileRows, const float* __restrict__ x,
                float* __restrict__ partial) {
  ACCRETE_SHARED(float, scratch, kLanes * kWarp);
  int c = blockIdx.x * kWarp + threadIdx.x;
  int first = blockIdx.y * tileRows;
  int end = min(rows, first + tileRows);
  float sum = 0, squares = 0;
  if (c < channels) {
    float pivot = x[c];
    for (int row = first + threadIdx.y; row < end; row += kLanes) {
      float distance = x[(size_t)row * channels + c] - pivot;
      sum += distance;
      squares += distance * distance;
    }
  }
  sum = sum_lanes(sum, scratch);
  squares = sum_lanes(squares, scratch);
  if (threadIdx.y == 0 && c < channels) {
    float* out = partial + (size_t)blockIdx.y * 2 * channels;
    out[c] = sum;
    out[channels + c] = squares;
  }
}
ACCRETE_EXPORT(norm_statistics)

__device__ __forceinline__ double clamped(double value, double low, double high) {
  return value < low ? low : value > high ? high : value;
}

// A thread per channel. `limits` = {rMax, dMax, averaging}. saved [4, C] = (mean, 1/s, r, d);
// affine = (mean, gamma r / s, beta + gamma d). The moving moments may be replaced in place.
extern "C" __global__ void __launch_bounds__(kThreads)
norm_finish(int rows, int channels, int tiles, float epsilon, const float* __restrict__ x,
            const float* __restrict__ partial, const float* gamma, const float* beta,
            const float* movingMean, const float* movingVariance, const float* limits,
            float* saved, float* newMean, float* newVariance, float* affine) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= channels) return;
  double distance = sum_parts(partial + c, tiles, 2 * channels) / rows;
  double squares = sum_parts(partial + channels + c, tiles, 2 * channels) / rows;
  double mean = x[c] + distance;
  double variance = fmax(squares - distance * distance, 0.0);
  double rMax = limits[0], dMax = limits[1], averaging = limits[2];
  double oldMean = movingMean[c], oldVariance = movingVariance[c];
  double s = sqrt(variance + epsilon);
  double moving = sqrt(oldVariance + epsilon);
  double r = clamped(s / moving, 1 / rMax, rMax);
  double d = clamped((mean - oldMean) / moving, -dMax, dMax);
  float scale = gamma[c], shift = beta[c];
  saved[c] = (float)mean;
  saved[channels + c] = (float)(1 / s);
  saved[2 * channels + c] = (float)r;
  saved[3 * channels + c] = (float)d;
  affine[c] = (float)mean;
  affine[channels + c] = (float)(scale * r / s);
  // What rounding the mean to single precision leaves over goes into the shift.
  affine[2 * channels + c] = (float)(shift + scale * (d - (mean - (float)mean) * r / s));
  newMean[c] = (float)(averaging * oldMean + (1 - averaging) * mean);
  newVariance[c] = (float)(averaging * oldVariance + (1 - averaging) * variance);
}
ACCRETE_EXPORT(norm_finish)

// A thread per channel: affine = (mean, gamma / s, beta) from moments that are given.
extern "C" __global__ void __launch_bounds__(kThreads)
norm_fixed(int channels, float epsilon, const float* __restrict__ gamma,
           const float* __restrict__ beta, const float* __restrict__ mean,
           const float* __restrict__ variance, float* __restrict__ affine) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= channels) return;
  affine[c] = mean[c];
  affine[channels + c] = (float)(gamma[c] / sqrt((double)variance[c] + epsilon));
  affine[2 * channels + c] = beta[c];
}
ACCRETE_EXPORT(norm_fixed)

// y = (x - mean) * scale + shift, then max(y, 0) where a Relu is all that reads y.
extern "C" __global__ void __launch_bounds__(kThreads)
norm_apply(unsigned count, unsigned channels, int relu, const float* x,
           const float* __restrict__ affine, float* y) {
  ACCRETE_FOR(i, count) {
    unsigned c = i % channels;
    float value = (x[i] - affine[c]) * affine[channels + c] + affine[2 * channels + c];
    y[i] = relu != 0 && value <= 0 ? 0.0f : value;
  }
}
ACCRETE_EXPORT(norm_apply)

// As norm_statistics; partial [tiles, 2, C]: sums of dy and of dy * (x - mean) * inverse.
extern "C" __global__ void __launch_bounds__(kThreads)
norm_grad_sums(int rows, int channels, int tileRows, const float* __restrict__ x,
               const float* __restrict__ dy, const float* __restrict__ mean,
               const float* __restrict__ inverse, float* __restrict__ partial) {
  ACCRETE_SHARED(float, scratch, kLanes * kWarp);
  int c = blockIdx.x * kWarp + threadIdx.x;
  int first = blockIdx.y * tileRows;
  int end = min(rows, first + tileRows);
  float sum = 0, product = 0;
  if (c < channels) {
    float m = mean[c], factor = inverse[c];
    for (int row = first + threadIdx.y; row < end; row += kLanes) {
      size_t i = (size_t)row * channels + c;
      sum += dy[i];
      product += dy[i] * ((x[i] - m) * factor);
    }
  }
  sum = sum_lanes(sum, scratch);
  product = sum_lanes(product, scratch);
  if (threadIdx.y == 0 && c < channels) {
    float* out = partial + (size_t)blockIdx.y * 2 * channels;
    out[c] = sum;
    out[channels + c] = product;
  }
}
ACCRETE_EXPORT(norm_grad_sums)

// A thread per channel: dgamma, dbeta, and affine = (gamma r / s, mean of dy, mean of dy * h / s).
extern "C" __global__ void __launch_bounds__(kThreads)
norm_grad_finish(int rows, int channels, int tiles, const float* __restrict__ partial,
                 const float* __restrict__ gamma, const float* __restrict__ saved,
                 float* __restrict__ dgamma, float* __restrict__ dbeta,
                 float* __restrict__ affine) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= channels) return;
  double sum = sum_parts(partial + c, tiles, 2 * channels);
  double product = sum_parts(partial + channels + c, tiles, 2 * channels);
  double inverse = saved[channels + c], r = saved[2 * channels + c], d = saved[3 * channels + c];
  dgamma[c] = (float)(product * r + sum * d);
  dbeta[c] = (float)sum;
  affine[c] = (float)(gamma[c] * r * inverse);
  affine[channels + c] = (float)(sum / rows);
  affine[2 * channels + c] = (float)(product / rows * inverse);
}
ACCRETE_EXPORT(norm_grad_finish)

// dx = gamma r / s * (dy - mean(dy) - h * mean(dy * h)); dx may replace dy.
extern "C" __global__ void __launch_bounds__(kThreads)
norm_grad_apply(unsigned count, unsigned channels, const float* __restrict__ x, const float* dy,
                const float* __restrict__ mean, const float* __restrict__ affine, float* dx) {
  ACCRETE_FOR(i, count) {
    unsigned c = i % channels;
    float centred = (x[i] - mean[c]) * affine[2 * channels + c];
    dx[i] = affine[c] * (dy[i] - affine[channels + c] - centred);
  }
}
ACCRETE_EXPORT(norm_grad_apply)

// A thread per channel, for moments that are given: scales [2, C] = (1/s, gamma/s).
extern "C" __global__ void __launch_bounds__(kThreads)
norm_fixed_scales(int channels, float epsilon, const float* __restrict__ gamma,
                  const float* __restrict__ variance, float* __restrict__ scales) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= channels) return;
  double s = sqrt((double)variance[c] + epsilon);
  scales[c] = (float)(1 / s);
  scales[channels + c] = (float)(gamma[c] / s);
}
ACCRETE_EXPORT(norm_fixed_scales)

// A thread per channel: dgamma = sum(dy * (x - mean) / s), dbeta = sum(dy).
extern "C" __global__ void __launch_bounds__(kThreads)
norm_fixed_grad_finish(int channels, int tiles, const float* __restrict__ partial,
                       float* __restrict__ dgamma, float* __restrict__ dbeta) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= channels) return;
  dbeta[c] = (float)sum_parts(partial + c, tiles, 2 * channels);
  dgamma[c] = (float)sum_parts(partial + channels + c, tiles, 2 * channels);
}
ACCRETE_EXPORT(norm_fixed_grad_finish)

// dx = dy * scale[c]; dx may replace dy. 8 bytes per element.
extern "C" __global__ void __launch_bounds__(kThreads)
scale_channels(unsigned count, unsigned channels, const float* dy,
               const float* __restrict__ scale, float* dx) {
  ACCRETE_FOR(i, count) dx[i] = dy[i] * scale[i % channels];
}
ACCRETE_EXPORT(scale_channels)

// The gradient of a bias: sums over rows. Grid and blocks as norm_statistics; partial [tiles, C].
extern "C" __global__ void __launch_bounds__(kThreads)
channel_sums(int rows, int channels, int tileRows, const float* __restrict__ x,
             float* __restrict__ partial) {
  ACCRETE_SHARED(float, scratch, kLanes * kWarp);
  int c = blockIdx.x * kWarp + threadIdx.x;
  int first = blockIdx.y * tileRows;
  int end = min(rows, first + tileRows);
  float sum = 0;
  if (c < channels) {
    for (int row = first + threadIdx.y; row < end; row += kLanes) {
      sum += x[(size_t)row * channels + c];
    }
  }
  sum = sum_lanes(sum, scratch);
  if (threadIdx.y == 0 && c < channels) partial[(size_t)blockIdx.y * channels + c] = sum;
}
ACCRETE_EXPORT(channel_sums)

// y[i] = the sum of `parts` numbers that lie `stride` apart, from partial[i] on.
extern "C" __global__ void __launch_bounds__(kThreads)
add_parts(unsigned count, int parts, int stride, const float* __restrict__ partial,
          float* __restrict__ y) {
  ACCRETE_FOR(i, count) y[i] = (float)sum_parts(partial + i, parts, stride);
}
ACCRETE_EXPORT(add_parts)
