// Functions of one element and their gradients: what core.op.PointFunction defines, in fp32. All are
// bound by memory: a function moves 8 bytes per element, a gradient 12, and the costliest computes
// some 40 operations meanwhile.
#include "accrete.cuh"

// The kernels of a function: `value` of x; `gradient` of dy and of v, which is y or x as the
// function's gradientOfResult says. Results may lie in place of x or dy.
#define ACCRETE_POINTWISE(name, value, gradient)                                          \
  extern "C" __global__ void __launch_bounds__(kThreads)                                  \
  pointwise_##name(unsigned count, const float* in, float* out) {                         \
    ACCRETE_FOR(i, count) {                                                               \
      float x = in[i];                                                                    \
      out[i] = value;                                                                     \
    }                                                                                     \
  }                                                                                       \
  ACCRETE_EXPORT(pointwise_##name)                                                        \
  extern "C" __global__ void __launch_bounds__(kThreads)                                  \
  pointwise_##name##_grad(unsigned count, const float* at, const float* upstream, float* out) { \
    ACCRETE_FOR(i, count) {                                                               \
      float v = at[i], dy = upstream[i];                                                  \
      out[i] = gradient;                                                                  \
    }                                                                                     \
  }                                                                                       \
  ACCRETE_EXPORT(pointwise_##name##_grad)

__device__ __forceinline__ float sigmoid(float x) { return 1 / (1 + expf(-x)); }

// The gradient of x * sigmoid(u), where u has this slope.
__device__ __forceinline__ float gated(float x, float gate, float slope, float dy) {
  return dy * (gate + x * gate * (1 - gate) * slope);
}

// x where a GELU's gate is neither 0 nor 1 in fp32. Comparisons that are false for NaN keep it.
__device__ __forceinline__ float in_gate(float x) { return x < -16 ? -16 : x > 16 ? 16 : x; }

constexpr float kGeluLinear = 1.5957691216057308f;  // 2 sqrt(2 / pi)
constexpr float kGeluCubic = 0.071354816272600f;    // 0.044715 of that

__device__ __forceinline__ float gelu_gate(float x) {
  float inside = in_gate(x);
  return sigmoid(inside * (kGeluLinear + kGeluCubic * inside * inside));
}
__device__ __forceinline__ float gelu_slope(float x) {
  float inside = in_gate(x);
  return kGeluLinear + 3 * kGeluCubic * inside * inside;
}

// NaN stays NaN: comparisons with it are false.
ACCRETE_POINTWISE(relu, x <= 0 ? 0.0f : x, v > 0 ? dy : 0.0f)
ACCRETE_POINTWISE(gelu, x * gelu_gate(x), gated(v, gelu_gate(v), gelu_slope(v), dy))
ACCRETE_POINTWISE(silu, x * sigmoid(x), gated(v, sigmoid(v), 1.0f, dy))
ACCRETE_POINTWISE(hard_swish, x <= -3 ? 0.0f : x >= 3 ? x : x * (x + 3) / 6,
                  v > 3 ? dy : v < -3 ? 0.0f : dy * (v / 3 + 0.5f))
ACCRETE_POINTWISE(tanh, tanhf(x), dy * (1 - v * v))
ACCRETE_POINTWISE(sigmoid, sigmoid(x), dy * v * (1 - v))
