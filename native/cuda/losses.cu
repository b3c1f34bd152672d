// Softmax cross-entropy over the allowed classes. A warp per row; a mini-batch has some hundred rows
// of some hundred classes, so this is bound by the latency of a launch.
#include "accrete.cuh"

constexpr int kRowsPerBlock = kThreads / kWarp;

__device__ __forceinline__ float warp_sum(float value) {
#pragma unroll
  for (int step = kWarp / 2; step > 0; step /= 2) {
    value += __shfl_xor_sync(kWholeWarp, value, step);
  }
  return value;
}

__device__ __forceinline__ float warp_max(float value) {
#pragma unroll
  for (int step = kWarp / 2; step > 0; step /= 2) {
    value = fmaxf(value, __shfl_xor_sync(kWholeWarp, value, step));
  }
  return value;
}

// Probabilities [rows, classes], and each row's loss: 0 without a label, NaN for a label that is
// masked or out of range. Blocks of 256 threads = 8 rows.
extern "C" __global__ void __launch_bounds__(kThreads)
softmax_rows(int rows, int classes, float smoothing, const float* __restrict__ logits,
             const int* __restrict__ labels, const float* __restrict__ mask,
             float* __restrict__ probabilities, float* __restrict__ losses) {
  int lane = threadIdx.x % kWarp;
  int row = blockIdx.x * kRowsPerBlock + threadIdx.x / kWarp;
  if (row >= rows) return;
  const float* x = logits + (size_t)row * classes;
  float* p = probabilities + (size_t)row * classes;
  float largest = -INFINITY, allowed = 0;
  for (int k = lane; k < classes; k += kWarp) {
    if (mask[k] > 0) {
      largest = fmaxf(largest, x[k]);
      allowed += 1;
    }
  }
  largest = warp_max(largest);
  allowed = warp_sum(allowed);
  float sum = 0;
  for (int k = lane; k < classes; k += kWarp) {
    if (mask[k] > 0) sum += expf(x[k] - largest);
  }
  sum = warp_sum(sum);
  int label = labels[row];
  float logSum = logf(sum);
  float others = smoothing / allowed;
  float loss = 0;
  for (int k = lane; k < classes; k += kWarp) {
    bool takesPart = mask[k] > 0;
    p[k] = takesPart ? expf(x[k] - largest) / sum : 0.0f;
    float target = others + (k == label ? 1 - smoothing : 0.0f);
    // Largest is subtracted first, so that a far logit costs no digits of the others.
    if (takesPart) loss += target * (logSum - (x[k] - largest));
  }
  loss = warp_sum(loss);
  if (lane == 0) {
    bool wrong = label >= classes || (label >= 0 && !(mask[label] > 0));
    losses[row] = label < 0 ? 0.0f : wrong ? NAN : loss;
  }
}
ACCRETE_EXPORT(softmax_rows)

// One block: the mean of the labelled rows' losses, added in an order fixed by the number of rows.
extern "C" __global__ void __launch_bounds__(kThreads)
mean_loss(int rows, const int* __restrict__ labels, const float* __restrict__ losses,
          float* __restrict__ loss) {
  ACCRETE_SHARED(float, sums, kThreads);
  ACCRETE_SHARED(int, counts, kThreads);
  int t = threadIdx.x;
  float sum = 0;
  int count = 0;
  for (int row = t; row < rows; row += kThreads) {
    sum += losses[row];
    count += labels[row] >= 0 ? 1 : 0;
  }
  sums[t] = sum;
  counts[t] = count;
  __syncthreads();
  for (int half = kThreads / 2; half > 0; half /= 2) {
    if (t < half) {
      sums[t] += sums[t + half];
      counts[t] += counts[t + half];
    }
    __syncthreads();
  }
  if (t == 0) loss[0] = counts[0] == 0 ? 0.0f : sums[0] / counts[0];
}
ACCRETE_EXPORT(mean_loss)

// dlogits = dloss * (probabilities - target) / labelled rows; may replace the probabilities. A warp
// per row counts the labels and the classes itself: they are in cache.
extern "C" __global__ void __launch_bounds__(kThreads)
softmax_grad(int rows, int classes, float smoothing, const float* probabilities,
             const int* __restrict__ labels, const float* __restrict__ mask,
             const float* __restrict__ dloss, float* dlogits) {
  int lane = threadIdx.x % kWarp;
  int row = blockIdx.x * kRowsPerBlock + threadIdx.x / kWarp;
  if (row >= rows) return;
  float labelled = 0, allowed = 0;
  for (int n = lane; n < rows; n += kWarp) labelled += labels[n] >= 0 ? 1 : 0;
  for (int k = lane; k < classes; k += kWarp) allowed += mask[k] > 0 ? 1 : 0;
  labelled = warp_sum(labelled);
  allowed = warp_sum(allowed);
  int label = labels[row];
  float factor = dloss[0] / labelled;
  float others = smoothing / allowed;
  for (int k = lane; k < classes; k += kWarp) {
    size_t i = (size_t)row * classes + k;
    float target = others + (k == label ? 1 - smoothing : 0.0f);
    bool counts = label >= 0 && mask[k] > 0;
    dlogits[i] = counts ? factor * (probabilities[i] - target) : 0.0f;
  }
}
ACCRETE_EXPORT(softmax_grad)
