// Moving numbers: between the canonical and the channels-last layout, and between channels.
#include "accrete.cuh"

constexpr int kTile = 32;

// Transposes each of `planes` matrices of rows x cols. 8 bytes per element; both sides are read and
// written along lines, through a tile whose padding keeps its columns in different banks.
// Blocks of 32 x 8 threads over (cols, rows, planes).
extern "C" __global__ void __launch_bounds__(kThreads)
transpose(int planes, int rows, int cols, const float* __restrict__ in, float* __restrict__ out) {
  ACCRETE_SHARED(float, tile, kTile * (kTile + 1));
  int lane = threadIdx.x;
  int col0 = blockIdx.x * kTile;
  int row0 = blockIdx.y * kTile;
  for (int plane = blockIdx.z; plane < planes; plane += gridDim.z) {
    size_t base = (size_t)plane * rows * cols;
    for (int i = threadIdx.y; i < kTile; i += blockDim.y) {
      if (row0 + i < rows && col0 + lane < cols) {
        tile[i * (kTile + 1) + lane] = in[base + (size_t)(row0 + i) * cols + col0 + lane];
      }
    }
    __syncthreads();
    for (int i = threadIdx.y; i < kTile; i += blockDim.y) {
      if (col0 + i < cols && row0 + lane < rows) {
        out[base + (size_t)(col0 + i) * rows + row0 + lane] = tile[lane * (kTile + 1) + i];
      }
    }
    __syncthreads();
  }
}
ACCRETE_EXPORT(transpose)
