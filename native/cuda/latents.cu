// Latents into and out of the banks they are kept in. A cell of a bank is canonical, [channels]
// [positions]; a row of a mini-batch is channels-last, [positions][channels]. Where latents have no
// extents there is one channel, and both are the same.
#include "accrete.cuh"

constexpr int kTile = 32;
constexpr int kGroups = kThreads / kWarp;
constexpr float kSteps = 255.0f;  // The greatest code.

// Moves `count` latents as matrices of height x width that are transposed: from cell index[i] of a
// bank to row i, or with `scatter` from row i to cell index[i]. The bank's cells are counted from
// `first`; whatever is not among them is left out. 8 bytes per element; both sides are read and
// written along lines, through a tile whose padding keeps its columns in different banks of shared
// memory, so the limit is the bandwidth of memory. Blocks of 32 x 8 threads over (width, height,
// count).
extern "C" __global__ void __launch_bounds__(kThreads)
move_latents(int count, int scatter, int height, int width, int first, int cells,
             const int* __restrict__ index, const float* __restrict__ in,
             float* __restrict__ out) {
  ACCRETE_SHARED(float, tile, kTile * (kTile + 1));
  int lane = threadIdx.x;
  int col0 = blockIdx.x * kTile;
  int row0 = blockIdx.y * kTile;
  for (int i = blockIdx.z; i < count; i += gridDim.z) {
    int cell = index[i] - first;
    bool here = cell >= 0 && cell < cells;  // The same for the whole block.
    size_t length = (size_t)height * width;
    const float* from = in + (scatter != 0 ? i : cell) * length;
    float* to = out + (scatter != 0 ? cell : i) * length;
    for (int r = threadIdx.y; r < kTile; r += kGroups) {
      if (here && row0 + r < height && col0 + lane < width) {
        tile[r * (kTile + 1) + lane] = from[(size_t)(row0 + r) * width + col0 + lane];
      }
    }
    __syncthreads();
    for (int r = threadIdx.y; r < kTile; r += kGroups) {
      if (here && col0 + r < width && row0 + lane < height) {
        to[(size_t)(col0 + r) * height + row0 + lane] = tile[lane * (kTile + 1) + r];
      }
    }
    __syncthreads();
  }
}
ACCRETE_EXPORT(move_latents)

// What the codes of `count` cells stand for, likewise from cell index[i] to row i. ranges holds the
// least value and the step of each channel of each cell. 5 bytes per element, of which 4 are y's,
// and 8 per channel. Product and sum are rounded one by one, as the CPU does. Blocks of 32 x 8
// threads over (positions, channels, count).
extern "C" __global__ void __launch_bounds__(kThreads)
decode_latents(int count, int channels, int positions, int first, int cells,
               const int* __restrict__ index, const unsigned char* __restrict__ codes,
               const float* __restrict__ ranges, float* __restrict__ y) {
  ACCRETE_SHARED(float, tile, kTile * (kTile + 1));
  int lane = threadIdx.x;
  int position0 = blockIdx.x * kTile;
  int channel0 = blockIdx.y * kTile;
  for (int i = blockIdx.z; i < count; i += gridDim.z) {
    int cell = index[i] - first;
    bool here = cell >= 0 && cell < cells;
    size_t length = (size_t)channels * positions;
    for (int r = threadIdx.y; r < kTile; r += kGroups) {
      int c = channel0 + r;
      if (here && c < channels && position0 + lane < positions) {
        const float* range = ranges + 2 * ((size_t)cell * channels + c);
        float code = codes[cell * length + (size_t)c * positions + position0 + lane];
        tile[r * (kTile + 1) + lane] = __fadd_rn(range[0], __fmul_rn(code, range[1]));
      }
    }
    __syncthreads();
    for (int r = threadIdx.y; r < kTile; r += kGroups) {
      int p = position0 + r;
      if (here && p < positions && channel0 + lane < channels) {
        y[i * length + (size_t)p * channels + channel0 + lane] = tile[lane * (kTile + 1) + r];
      }
    }
    __syncthreads();
  }
}
ACCRETE_EXPORT(decode_latents)

// The least and the greatest of numbers as Java has them: -0 is below 0, and NaN spoils both.
__device__ __forceinline__ float least_of(float a, float b) {
  if (a != a || b != b) return a + b;
  return a < b || (a == b && __float_as_uint(a) >> 31 != 0) ? a : b;
}
__device__ __forceinline__ float greatest_of(float a, float b) {
  if (a != a || b != b) return a + b;
  return a > b || (a == b && __float_as_uint(a) >> 31 == 0) ? a : b;
}

// To the nearest whole number, halves upwards, and exactly so: x + 0.5 would be rounded itself.
__device__ __forceinline__ unsigned char code_of(float above, float step) {
  float x = above / step;
  if (!(x >= 0.0f) || step == 0.0f) return 0;  // The first is NaN, of a channel that has it.
  float whole = floorf(x);
  return (unsigned char)(int)min(kSteps, x - whole >= 0.5f ? whole + 1.0f : whole);
}

// Codes `count` rows of latents into cells cell[i] of a bank, and nowhere where that is negative.
// Reads 4 bytes per element twice, the second time from cache, and writes 1. A few latents are
// stored per experience: what matters is that they need not leave the device. Blocks of 32 channels
// x 8 groups of positions over (channels, 1, count).
extern "C" __global__ void __launch_bounds__(kThreads)
encode_latents(int count, int channels, int positions, const int* __restrict__ cell,
               const float* __restrict__ latents, unsigned char* __restrict__ codes,
               float* __restrict__ ranges) {
  ACCRETE_SHARED(float, leasts, kThreads);
  ACCRETE_SHARED(float, greatests, kThreads);
  int lane = threadIdx.x;
  int group = threadIdx.y;
  int c = blockIdx.x * kTile + lane;
  for (int i = blockIdx.z; i < count; i += gridDim.z) {
    bool here = cell[i] >= 0 && c < channels;
    size_t length = (size_t)channels * positions;
    const float* from = latents + i * length + c;
    float least = here ? from[0] : 0.0f;
    float greatest = least;
    for (int p = group; here && p < positions; p += kGroups) {
      least = least_of(least, from[(size_t)p * channels]);
      greatest = greatest_of(greatest, from[(size_t)p * channels]);
    }
    leasts[group * kWarp + lane] = least;
    greatests[group * kWarp + lane] = greatest;
    __syncthreads();
    for (int g = 0; g < kGroups; g++) {
      least = least_of(least, leasts[g * kWarp + lane]);
      greatest = greatest_of(greatest, greatests[g * kWarp + lane]);
    }
    float step = (greatest - least) / kSteps;
    size_t channel = (size_t)cell[i] * channels + c;
    if (here && group == 0) {
      ranges[2 * channel] = least;
      ranges[2 * channel + 1] = step;
    }
    for (int p = group; here && p < positions; p += kGroups) {
      codes[channel * positions + p] = code_of(from[(size_t)p * channels] - least, step);
    }
    __syncthreads();
  }
}
ACCRETE_EXPORT(encode_latents)
