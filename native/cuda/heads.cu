// The classifier of CWR+ and CWR* (Maltoni and Lomonaco 2019; Lomonaco et al. 2020), once per
// experience: tens of classes times a thousand weights.
#include "accrete.cuh"

// The rows of the classes present, zeros elsewhere. May work in place.
extern "C" __global__ void __launch_bounds__(kThreads)
load_head(unsigned count, unsigned width, const float* bank, const float* __restrict__ present,
          float* weights) {
  ACCRETE_FOR(i, count) weights[i] = present[i / width] > 0 ? bank[i] : 0.0f;
}
ACCRETE_EXPORT(load_head)

// One block does it all in one launch: the mean over the rows present, the merge, the counts. bank
// and past may be updated in place. Reads the weights twice, 12 bytes per weight beyond that: 0.6 MB
// for 50 x 1024, bound by what one multiprocessor can load.
extern "C" __global__ void __launch_bounds__(1024)
consolidate_head(int classes, int width, int averaged, const float* __restrict__ weights,
                 const float* __restrict__ current, const float* bank, const float* past,
                 float* newBank, float* newPast) {
  constexpr int kBlock = 1024;
  ACCRETE_SHARED(double, sums, kBlock);
  int t = threadIdx.x;
  int count = classes * width;
  double sum = 0;
  for (int i = t; i < count; i += kBlock) {
    if (current[i / width] > 0) sum += weights[i];
  }
  sums[t] = sum;
  __syncthreads();
  for (int half = kBlock / 2; half > 0; half /= 2) {
    if (t < half) sums[t] += sums[t + half];
    __syncthreads();
  }
  int present = 0;
  for (int c = 0; c < classes; c++) present += current[c] > 0 ? 1 : 0;
  double average = present == 0 ? 0 : sums[0] / ((double)present * width);
  for (int i = t; i < count; i += kBlock) {
    int c = i / width;
    double p = averaged != 0 ? sqrt((double)past[c] / current[c]) : 0;
    double centred = weights[i] - average;
    newBank[i] = current[c] > 0 ? (float)((bank[i] * p + centred) / (p + 1)) : bank[i];
  }
  // The counts change only after every thread has read those it needed.
  __syncthreads();
  for (int c = t; c < classes; c += kBlock) newPast[c] = past[c] + current[c];
}
ACCRETE_EXPORT(consolidate_head)
