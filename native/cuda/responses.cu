// Local response normalization across channels (Krizhevsky et al. 2012). Channels-last keeps the
// neighbours of an element in one line: bound by memory and powf, 8 bytes and one powf forward, 12
// bytes and size + 1 powf backward per element.
#include "accrete.cuh"

// Passed by value, in this order.
struct Response {
  int channels, size;
  float alpha, beta, k;
};

// k + alpha / size * the sum of squares around channel c of the pixel that starts at x.
__device__ __forceinline__ float base(const Response& norm, const float* x, int c) {
  int half = norm.size / 2;
  float sum = 0;
  for (int i = max(0, c - half); i <= min(norm.channels - 1, c + half); i++) sum += x[i] * x[i];
  return norm.k + norm.alpha / norm.size * sum;
}

extern "C" __global__ void __launch_bounds__(kThreads)
response_norm(Response norm, unsigned count, const float* __restrict__ x, float* __restrict__ y) {
  ACCRETE_FOR(i, count) {
    int c = i % norm.channels;
    y[i] = x[i] * powf(base(norm, x + (i - c), c), -norm.beta);
  }
}
ACCRETE_EXPORT(response_norm)

// dx = dy b^-beta - 2 alpha beta / size * x * sum over the neighbours of dy' x' b'^(-beta - 1).
extern "C" __global__ void __launch_bounds__(kThreads)
response_norm_grad(Response norm, unsigned count, const float* __restrict__ x,
                   const float* __restrict__ dy, float* __restrict__ dx) {
  int half = norm.size / 2;
  float factor = 2 * norm.alpha * norm.beta / norm.size;
  ACCRETE_FOR(i, count) {
    int c = i % norm.channels;
    const float* pixel = x + (i - c);
    const float* upstream = dy + (i - c);
    float sum = 0;
    for (int j = max(0, c - half); j <= min(norm.channels - 1, c + half); j++) {
      sum += upstream[j] * pixel[j] * powf(base(norm, pixel, j), -norm.beta - 1);
    }
    dx[i] = dy[i] * powf(base(norm, pixel, c), -norm.beta) - factor * x[i] * sum;
  }
}
ACCRETE_EXPORT(response_norm_grad)
