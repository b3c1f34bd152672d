// Symmetric matrices in double precision, as their upper triangles: row after row, each from its
// diagonal on. Double precision runs at half the rate of single on an A100 or H100 and at 1/64 of it
// on a GeForce; there these kernels are bound by it, and still small beside the network's forward.
#include "accrete.cuh"

constexpr int kTile = 64;                   // Rows and columns of the triangle that a block updates.
constexpr int kDepth = 16;                  // Rows of x per turn.
constexpr int kLanes = 16;                  // Threads along either side of a tile,
constexpr int kEach = kTile / kLanes;       // with so many rows and columns each.
constexpr int kBlock = 32;                  // Rows of the triangle that are factored together.

// Element (row, column) lies at this place plus the column.
__device__ __forceinline__ size_t row_at(int side, int row) {
  return (size_t)row * (side - 1) - (size_t)row * (row - 1) / 2;
}

// Adds the outer products of `rows` rows to what lies right of and below (first, first), or takes
// them off. `at(row, column)` gives the rows; their columns are counted from first. A block does a
// tile of 64 x 64: per row of x it reads 128 numbers and does 4,096 multiplications, and it reads
// and writes the tile once, so that with 64 rows and more double-precision arithmetic is the limit.
// Blocks below the diagonal have nothing to do.
template <typename Rows>
__device__ __forceinline__ void update_tile(int rows, int side, int first, int subtract, Rows at,
                                            double* sums) {
  ACCRETE_SHARED(double, left, kDepth * kTile);
  ACCRETE_SHARED(double, right, kDepth * kTile);
  int columns = side - first;
  int row0 = blockIdx.y * kTile;
  int column0 = blockIdx.x * kTile;
  if (column0 < row0) return;  // The same for the whole block.
  int x = threadIdx.x % kLanes;
  int y = threadIdx.x / kLanes;
  double sum[kEach][kEach];
#pragma unroll
  for (int i = 0; i < kEach; i++) {
#pragma unroll
    for (int j = 0; j < kEach; j++) sum[i][j] = 0.0;
  }
  for (int begin = 0; begin < rows; begin += kDepth) {
    for (int e = threadIdx.x; e < kDepth * kTile; e += kThreads) {
      int row = begin + e / kTile;
      int c = e % kTile;
      left[e] = row < rows && row0 + c < columns ? at(row, row0 + c) : 0.0;
      right[e] = row < rows && column0 + c < columns ? at(row, column0 + c) : 0.0;
    }
    __syncthreads();
#pragma unroll 4
    for (int k = 0; k < kDepth; k++) {
      double a[kEach];
      double b[kEach];
#pragma unroll
      for (int i = 0; i < kEach; i++) {
        a[i] = left[k * kTile + y + i * kLanes];
        b[i] = right[k * kTile + x + i * kLanes];
      }
#pragma unroll
      for (int i = 0; i < kEach; i++) {
#pragma unroll
        for (int j = 0; j < kEach; j++) sum[i][j] = fma(a[i], b[j], sum[i][j]);
      }
    }
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < kEach; i++) {
    int row = row0 + y + i * kLanes;
    if (row >= columns) continue;
    double* to = sums + row_at(side, first + row) + first;
#pragma unroll
    for (int j = 0; j < kEach; j++) {
      int column = column0 + x + j * kLanes;
      if (column < row || column >= columns) continue;
      to[column] = subtract != 0 ? to[column] - sum[i][j] : to[column] + sum[i][j];
    }
  }
}

// Rows of a matrix of floats or doubles, [rows][side].
template <typename T>
struct Dense {
  const T* x;
  int side;
  __device__ __forceinline__ double operator()(int row, int column) const {
    return x[(size_t)row * side + column];
  }
};

extern "C" __global__ void __launch_bounds__(kThreads)
symmetric_update(int rows, int side, int subtract, const float* __restrict__ x, double* sums) {
  update_tile(rows, side, 0, subtract, Dense<float>{x, side}, sums);
}
ACCRETE_EXPORT(symmetric_update)

extern "C" __global__ void __launch_bounds__(kThreads)
symmetric_update_double(int rows, int side, int subtract, const double* __restrict__ x,
                        double* sums) {
  update_tile(rows, side, 0, subtract, Dense<double>{x, side}, sums);
}
ACCRETE_EXPORT(symmetric_update_double)

// Rows `from` on of the triangle itself, right of the block that they belong to.
struct Factored {
  const double* a;
  int side;
  int from;
  int first;
  __device__ __forceinline__ double operator()(int row, int column) const {
    return a[row_at(side, from + row) + first + column];
  }
};

// Takes the outer products of a finished block of rows off everything below them.
extern "C" __global__ void __launch_bounds__(kThreads)
cholesky_update(int side, int from, int count, double* a) {
  update_tile(count, side, from + count, 1, Factored{a, side, from, from + count}, a);
}
ACCRETE_EXPORT(cholesky_update)

// Factors the square of `count` rows on the diagonal, count^3 / 6 multiplications in as many turns
// as there are rows: the latency of its barriers is the limit. A pivot that is no positive finite
// number becomes NaN, and so does all that depends on it: that row and those below. One block.
extern "C" __global__ void __launch_bounds__(kThreads)
cholesky_square(int side, int from, int count, double* a) {
  ACCRETE_SHARED(double, square, kBlock * kBlock);
  for (int e = threadIdx.x; e < kBlock * kBlock; e += kThreads) {
    int row = e / kBlock;
    int column = e % kBlock;
    bool here = row <= column && column < count;
    square[e] = here ? a[row_at(side, from + row) + from + column] : 0.0;
  }
  __syncthreads();
  for (int k = 0; k < count; k++) {
    if (threadIdx.x == 0) {
      double pivot = square[k * kBlock + k];
      bool sound = pivot > 0.0 && pivot <= 1.7976931348623157e308;
      square[k * kBlock + k] = sound ? sqrt(pivot) : nan("");
    }
    __syncthreads();
    for (int j = k + 1 + threadIdx.x; j < count; j += kThreads) {
      square[k * kBlock + j] /= square[k * kBlock + k];
    }
    __syncthreads();
    for (int e = threadIdx.x; e < kBlock * kBlock; e += kThreads) {
      int row = e / kBlock;
      int column = e % kBlock;
      if (row > k && row <= column && column < count) {
        square[e] -= square[k * kBlock + row] * square[k * kBlock + column];
      }
    }
    __syncthreads();
  }
  for (int e = threadIdx.x; e < kBlock * kBlock; e += kThreads) {
    int row = e / kBlock;
    int column = e % kBlock;
    if (row <= column && column < count) {
      a[row_at(side, from + row) + from + column] = square[e];
    }
  }
}
ACCRETE_EXPORT(cholesky_square)

// Finishes the rows of a block right of its square, a thread for each column: reads and writes 8
// bytes an element, and does count / 2 multiplications with it, whose operands above come from the
// first-level cache; that is the limit.
extern "C" __global__ void __launch_bounds__(kThreads)
cholesky_rows(int side, int from, int count, double* a) {
  ACCRETE_SHARED(double, square, kBlock * kBlock);
  for (int e = threadIdx.x; e < kBlock * kBlock; e += kThreads) {
    int row = e / kBlock;
    int column = e % kBlock;
    bool here = row <= column && column < count;
    square[e] = here ? a[row_at(side, from + row) + from + column] : 1.0;
  }
  __syncthreads();
  unsigned columns = side - from - count;
  ACCRETE_FOR(c, columns) {
    int column = from + count + c;
    for (int k = 0; k < count; k++) {
      double rest = a[row_at(side, from + k) + column];
      for (int p = 0; p < k; p++) {
        rest -= square[p * kBlock + k] * a[row_at(side, from + p) + column];
      }
      a[row_at(side, from + k) + column] = rest / square[k * kBlock + k];
    }
  }
}
ACCRETE_EXPORT(cholesky_rows)

// Solves R'x = b or Rx = b in the place of b, a warp for each of `count` right-hand sides, unknown
// after unknown. Each warp reads the triangle once, 8 bytes per multiplication, and all of them at
// about the same time, so that it comes from the second-level cache; the latency of an unknown after
// the other is the limit. Blocks of 8 warps.
extern "C" __global__ void __launch_bounds__(kThreads)
triangular_solve(int transposed, int count, int side, const double* __restrict__ r, double* b) {
  int lane = threadIdx.x;
  int system = blockIdx.x * (kThreads / kWarp) + threadIdx.y;
  if (system >= count) return;  // A whole warp.
  double* x = b + (size_t)system * side;
  for (int step = 0; step < side; step++) {
    int k = transposed != 0 ? step : side - 1 - step;
    const double* row = r + row_at(side, k);
    if (transposed != 0) {
      double known = x[k] / row[k];
      for (int j = k + 1 + lane; j < side; j += kWarp) x[j] -= row[j] * known;
      __syncwarp();
      if (lane == 0) x[k] = known;
    } else {
      double sum = 0.0;
      for (int j = k + 1 + lane; j < side; j += kWarp) sum = fma(row[j], x[j], sum);
#pragma unroll
      for (int flip = kWarp / 2; flip > 0; flip /= 2) {
        sum += __shfl_xor_sync(kWholeWarp, sum, flip);
      }
      if (lane == 0) x[k] = (x[k] - sum) / row[k];
      __syncwarp();
    }
  }
}
ACCRETE_EXPORT(triangular_solve)
