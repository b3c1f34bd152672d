// One element at a time. All are bound by memory: bytes moved are given per element.
#include "accrete.cuh"

// 12 bytes per element.
extern "C" __global__ void __launch_bounds__(kThreads)
add(unsigned count, const float* a, const float* b, float* y) {
  ACCRETE_FOR(i, count) y[i] = a[i] + b[i];
}
ACCRETE_EXPORT(add)

// 8 bytes per element; the bias stays in cache.
extern "C" __global__ void __launch_bounds__(kThreads)
add_bias(unsigned count, unsigned channels, const float* x, const float* bias, float* y) {
  ACCRETE_FOR(i, count) y[i] = x[i] + bias[i % channels];
}
ACCRETE_EXPORT(add_bias)

// Word `index` of a Philox 4x32-10 stream (Salmon et al., SC 2011); key and stream as in core.Rng.
__device__ __forceinline__ unsigned philox_word(const int* key, unsigned index) {
  unsigned c0 = index / 4, c1 = 0, c2 = (unsigned)key[2], c3 = (unsigned)key[3];
  unsigned k0 = (unsigned)key[0], k1 = (unsigned)key[1];
#pragma unroll
  for (int round = 0; round < 10; round++) {
    unsigned long long p0 = 0xD2511F53ull * c0;
    unsigned long long p1 = 0xCD9E8D57ull * c2;
    unsigned next0 = (unsigned)(p1 >> 32) ^ c1 ^ k0;
    unsigned next2 = (unsigned)(p0 >> 32) ^ c3 ^ k1;
    c1 = (unsigned)p1;
    c3 = (unsigned)p0;
    c0 = next0;
    c2 = next2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  unsigned lane = index % 4;
  return lane < 2 ? (lane == 0 ? c0 : c1) : (lane == 2 ? c2 : c3);
}

// 8 bytes and about 100 integer operations per element: bound by memory on a data-center GPU. The
// mask is drawn by canonical index, so a channels-last element asks for that of its (n, c, s).
extern "C" __global__ void __launch_bounds__(kThreads)
dropout(unsigned count, unsigned channels, unsigned spatial, unsigned threshold, float keep,
        const float* x, const int* key, float* y) {
  ACCRETE_FOR(i, count) {
    unsigned c = i % channels;
    unsigned s = i / channels % spatial;
    unsigned n = i / channels / spatial;
    unsigned canonical = (n * channels + c) * spatial + s;
    y[i] = philox_word(key, canonical) >> 8 < threshold ? 0.0f : x[i] / keep;
  }
}
ACCRETE_EXPORT(dropout)
