// AR1*'s update of the flat parameters and their importance (Zenke et al. 2017; Lomonaco et al.
// 2020), each in one pass, and the choice of the parameters that keep their importance where that is
// sparse. How a choice is stored: one bit per parameter, and for every block of 1024 parameters how
// many were chosen before it (core's Selection.java). A block has one word for each lane of a warp.
#include "accrete.cuh"

constexpr int kSelectionBlock = 1024;

// For the lane's word of a block: where the packed values of its parameters begin. All lanes of the
// warp must call it.
__device__ __forceinline__ int packed_begin(unsigned word, int before) {
  int lane = threadIdx.x % kWarp;
  int count = __popc(word);
  int sum = count;
  for (int step = 1; step < kWarp; step *= 2) {
    int below = __shfl_up_sync(kWholeWarp, sum, step);
    if (lane >= step) sum += below;
  }
  return before + sum - count;
}

// How many bits of a word are set below a bit.
__device__ __forceinline__ int rank_in(unsigned word, int bit) {
  return __popc(word & ((1u << bit) - 1));
}

// What all segments share. Passed by value, in this order.
struct Sgd {
  float momentum;
  int nesterov;
  int penalty;  // 0 none, 1 gradient scale, 2 quadratic
  float importanceMax;
  float strength;
  int solverTrajectory;
};

// A stretch of one segment: a block's work.
struct UpdateTile {
  int offset, length;
  float multiplier, weightDecay;
  int synaptic;
};

// What one parameter reads and leaves.
struct Synapse {
  float weight, gradient, momentum, trajectory, importance, anchor;
};

// Every multiplication with an addition is spelled fmaf: compilers contract what they like, and the
// dense and the sparse form must agree in every bit.
__device__ __forceinline__ void step(const Sgd& sgd, const UpdateTile& tile, float rate,
                                     Synapse& s) {
  float u = fmaf(tile.weightDecay, s.weight, s.gradient);
  if (tile.synaptic != 0 && sgd.penalty == 1) u *= 1 - s.importance / sgd.importanceMax;
  if (tile.synaptic != 0 && sgd.penalty == 2) {
    u = fmaf(sgd.strength * s.importance, s.weight - s.anchor, u);
  }
  float velocity = fmaf(sgd.momentum, s.momentum, rate * u);
  float way = sgd.nesterov != 0 ? fmaf(sgd.momentum, velocity, rate * u) : velocity;
  if (tile.synaptic != 0) {
    s.trajectory = fmaf(sgd.solverTrajectory != 0 ? way : s.gradient, -way, s.trajectory);
  }
  s.weight -= way;
  s.momentum = velocity;
}

__device__ __forceinline__ bool aligned(const float* p) {
  return (reinterpret_cast<size_t>(p) & 15) == 0;
}

// What a penalty reads, one number per parameter.
struct DenseImportance {
  const float* importance;
  const float* anchors;
  bool important, anchored;

  __device__ __forceinline__ bool wide(int i) const {
    return (!important || aligned(importance + i)) && (!anchored || aligned(anchors + i));
  }
  __device__ __forceinline__ void read(int i, Synapse& s) const {
    s.importance = important ? importance[i] : 0.0f;
    s.anchor = anchored ? anchors[i] : 0.0f;
  }
  __device__ __forceinline__ void read4(int i, Synapse* s) const {
    const float4 none = make_float4(0, 0, 0, 0);
    float4 f = important ? *reinterpret_cast<const float4*>(importance + i) : none;
    float4 a = anchored ? *reinterpret_cast<const float4*>(anchors + i) : none;
    s[0].importance = f.x, s[1].importance = f.y, s[2].importance = f.z, s[3].importance = f.w;
    s[0].anchor = a.x, s[1].anchor = a.y, s[2].anchor = a.z, s[3].anchor = a.w;
  }
};

// The same for the chosen parameters alone, packed. `words` are the tile's part of the bitmap, and
// `begins` tells where the packed values of each begin; word 0 is that of parameter `origin`.
struct SparseImportance {
  const unsigned* words;
  const int* begins;
  int origin;
  const float* cumulative;
  const float* anchors;
  float limit;
  bool important, anchored;

  __device__ __forceinline__ bool wide(int) const { return true; }
  __device__ __forceinline__ void read(int i, Synapse& s) const {
    s.importance = s.anchor = 0;
    if (!important) return;
    int word = (i - origin) / kWarp, bit = i % kWarp;
    unsigned chosen = words[word];
    if ((chosen >> bit & 1) == 0) return;
    int at = begins[word] + rank_in(chosen, bit);
    float sum = cumulative[at];
    // SynapticImportance's clamp; never -0, so that it agrees with the dense form in every bit.
    s.importance = sum < 0 ? fminf(-sum, limit) : 0.0f;
    if (anchored) s.anchor = anchors[at];
  }
  __device__ __forceinline__ void read4(int i, Synapse* s) const {
#pragma unroll
    for (int j = 0; j < 4; j++) read(i + j, s[j]);
  }
};

// A block's tile. It takes four parameters per thread and load where everything is aligned to 16
// bytes.
template <class Importance>
__device__ __forceinline__ void update(const Sgd& sgd, const UpdateTile& tile, float rate,
                                       float* weights, const float* __restrict__ gradients,
                                       float* momentum, float* trajectory,
                                       const Importance& penalty) {
  bool synaptic = tile.synaptic != 0;
  int begin = tile.offset, end = tile.offset + tile.length;
  // Parameters [begin, vectors) four by four, the rest one by one.
  bool wide = aligned(weights + begin) && aligned(gradients + begin) &&
              aligned(momentum + begin) && aligned(trajectory + begin) && penalty.wide(begin);
  int vectors = begin + (wide ? tile.length / 4 * 4 : 0);
  const float4 none = make_float4(0, 0, 0, 0);
  for (int i = begin + 4 * threadIdx.x; i < vectors; i += 4 * kThreads) {
    float4 w = *reinterpret_cast<float4*>(weights + i);
    float4 g = *reinterpret_cast<const float4*>(gradients + i);
    float4 v = *reinterpret_cast<float4*>(momentum + i);
    float4 t = synaptic ? *reinterpret_cast<float4*>(trajectory + i) : none;
    Synapse s[4] = {{w.x, g.x, v.x, t.x, 0, 0},
                    {w.y, g.y, v.y, t.y, 0, 0},
                    {w.z, g.z, v.z, t.z, 0, 0},
                    {w.w, g.w, v.w, t.w, 0, 0}};
    penalty.read4(i, s);
#pragma unroll
    for (int j = 0; j < 4; j++) step(sgd, tile, rate, s[j]);
    *reinterpret_cast<float4*>(weights + i) =
        make_float4(s[0].weight, s[1].weight, s[2].weight, s[3].weight);
    *reinterpret_cast<float4*>(momentum + i) =
        make_float4(s[0].momentum, s[1].momentum, s[2].momentum, s[3].momentum);
    if (synaptic) {
      *reinterpret_cast<float4*>(trajectory + i) =
          make_float4(s[0].trajectory, s[1].trajectory, s[2].trajectory, s[3].trajectory);
    }
  }
  for (int i = vectors + threadIdx.x; i < end; i += kThreads) {
    Synapse s = {weights[i], gradients[i], momentum[i], synaptic ? trajectory[i] : 0.0f, 0, 0};
    penalty.read(i, s);
    step(sgd, tile, rate, s);
    weights[i] = s.weight;
    momentum[i] = s.momentum;
    if (synaptic) trajectory[i] = s.trajectory;
  }
}

// One pass over the flat parameters: 16 bytes read (20 and 24 with importance and anchors) and 12
// written per parameter of a synaptic tile, 12 and 8 in others; about 10 operations: bound by
// memory. Weights, momentum and trajectory are updated in place; frozen parameters are in no tile.
extern "C" __global__ void __launch_bounds__(kThreads)
sgd_synaptic(Sgd sgd, const UpdateTile* __restrict__ tiles, const float* __restrict__ learningRate,
             float* weights, const float* __restrict__ gradients, float* momentum,
             float* trajectory, const float* __restrict__ importance,
             const float* __restrict__ anchors) {
  UpdateTile tile = tiles[blockIdx.x];
  bool synaptic = tile.synaptic != 0;
  DenseImportance dense = {importance, anchors, synaptic && sgd.penalty != 0,
                           synaptic && sgd.penalty == 2};
  update(sgd, tile, learningRate[0] * tile.multiplier, weights, gradients, momentum, trajectory,
         dense);
}
ACCRETE_EXPORT(sgd_synaptic)

// The same where only chosen parameters have importance, one pass too: 16 bytes and an eighth read
// and 12 written per parameter, and 4 or 8 more read for a chosen one: bound by memory. A tile lies
// within four blocks of the bitmap; a warp loads the words of one, and adds up where their packed
// values begin. With every parameter chosen the results are those of sgd_synaptic, bit for bit.
extern "C" __global__ void __launch_bounds__(kThreads)
sparse_sgd_synaptic(Sgd sgd, const UpdateTile* __restrict__ tiles,
                    const float* __restrict__ learningRate, float* weights,
                    const float* __restrict__ gradients, float* momentum, float* trajectory,
                    int words, int blocks, const unsigned* __restrict__ bits,
                    const int* __restrict__ before, const float* __restrict__ cumulative,
                    const float* __restrict__ anchors) {
  constexpr int kTileBlocks = 4;
  ACCRETE_SHARED(unsigned, chosen, kTileBlocks * kWarp);
  ACCRETE_SHARED(int, begins, kTileBlocks * kWarp);
  UpdateTile tile = tiles[blockIdx.x];
  bool synaptic = tile.synaptic != 0;
  int firstBlock = tile.offset / kSelectionBlock;
  int t = threadIdx.x;
  if (synaptic && t < kTileBlocks * kWarp) {
    int block = firstBlock + t / kWarp;
    int own = firstBlock * kWarp + t;
    unsigned word = own < words ? bits[own] : 0;
    chosen[t] = word;
    begins[t] = packed_begin(word, block < blocks ? before[block] : 0);
  }
  __syncthreads();
  SparseImportance sparse = {chosen,  begins,
                             firstBlock * kSelectionBlock, cumulative,
                             anchors, sgd.importanceMax,
                             synaptic, synaptic && sgd.penalty == 2};
  update(sgd, tile, learningRate[0] * tile.multiplier, weights, gradients, momentum, trajectory,
         sparse);
}
ACCRETE_EXPORT(sparse_sgd_synaptic)

// The end of an experience in one pass: importance, cumulative, trajectory and start. `ranges` holds
// the begin and end of each run of synaptic parameters, in order; a thread finds its own by
// bisection. 16 bytes read, 16 written per parameter.
// cumulative, trajectory and start may be updated in place.
extern "C" __global__ void __launch_bounds__(kThreads)
synaptic_importance(unsigned count, int runs, float scale, float damping, float limit,
                    const int* __restrict__ ranges, const float* weights, const float* start,
                    const float* trajectory, const float* cumulative, float* importance,
                    float* newCumulative, float* newTrajectory, float* newStart) {
  ACCRETE_FOR(i, count) {
    int low = 0, high = runs;
    while (low < high) {
      int middle = (low + high) / 2;
      if (ranges[2 * middle + 1] > (int)i) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    bool synaptic = low < runs && ranges[2 * low] <= (int)i;
    float weight = weights[i];
    float way = weight - start[i];
    float sum = cumulative[i];
    if (synaptic) sum += scale * trajectory[i] / (way * way + damping);
    importance[i] = synaptic ? fminf(fmaxf(-sum, 0.0f), limit) : 0.0f;
    newCumulative[i] = sum;
    newTrajectory[i] = 0;
    newStart[i] = weight;
  }
}
ACCRETE_EXPORT(synaptic_importance)

// Which parameters have importance: the best by score, exactly so many of each group, ties in order
// of index. A radix selection, the highest digit first; once per experience. The counts are
// integers, so that atomic additions give the same numbers in any order.

// A stretch of one group: a block's work. The tiles of a group follow each other, in order.
struct SelectTile {
  int offset, length, group, firstOfGroup;
};

// What is known of the last parameter of a group that is chosen: the high digits of its key, and
// how many of the parameters that agree in these are chosen.
struct SelectState {
  unsigned key;
  int left;
};

constexpr int kDigits = 256;
constexpr int kDigitBits = 8;

// SelectParameters.key: a score as a number whose unsigned order is the scores', the best highest.
__device__ __forceinline__ unsigned score_key(int best, float score) {
  unsigned bits = __float_as_uint(score);
  unsigned magnitude = bits & 0x7fffffffu;
  unsigned ascending = bits > 0x80000000u ? ~bits : magnitude ^ 0x80000000u;
  return best == 0 ? ascending : best == 1 ? ~ascending : magnitude;
}

// Counts the values of the digit at `shift` among the parameters that agree with the digits known.
// 4 bytes read per parameter, one atomic addition in shared memory for those that agree: bound by
// memory, or in the first passes by equal digits. `counts` [groups, 256] must be 0 before.
extern "C" __global__ void __launch_bounds__(kThreads)
select_count(int best, int shift, const SelectTile* __restrict__ tiles,
             const float* __restrict__ scores, const SelectState* __restrict__ states,
             int* counts) {
  ACCRETE_SHARED(int, histogram, kDigits);
  SelectTile tile = tiles[blockIdx.x];
  unsigned known = states[tile.group].key;
  for (int d = threadIdx.x; d < kDigits; d += kThreads) histogram[d] = 0;
  __syncthreads();
  for (int i = tile.offset + threadIdx.x; i < tile.offset + tile.length; i += kThreads) {
    unsigned key = score_key(best, scores[i]);
    if (((key ^ known) >> shift) >> kDigitBits == 0) {
      atomicAdd(&histogram[(key >> shift) % kDigits], 1);
    }
  }
  __syncthreads();
  for (int d = threadIdx.x; d < kDigits; d += kThreads) {
    if (histogram[d] != 0) atomicAdd(&counts[tile.group * kDigits + d], histogram[d]);
  }
}
ACCRETE_EXPORT(select_count)

// Settles the digit at `shift` of each group, and clears the counts for the next. A block per group;
// a kilobyte each.
extern "C" __global__ void __launch_bounds__(kThreads)
select_digit(int shift, int* counts, SelectState* states) {
  ACCRETE_SHARED(int, histogram, kDigits);
  int group = blockIdx.x;
  for (int d = threadIdx.x; d < kDigits; d += kThreads) {
    histogram[d] = counts[group * kDigits + d];
    counts[group * kDigits + d] = 0;
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    SelectState state = states[group];
    int digit = kDigits - 1;
    while (digit > 0 && histogram[digit] < state.left) state.left -= histogram[digit--];
    state.key |= (unsigned)digit << shift;
    states[group] = state;
  }
}
ACCRETE_EXPORT(select_digit)

// How many parameters of each tile equal the last one chosen. 4 bytes read per parameter.
extern "C" __global__ void __launch_bounds__(kThreads)
select_ties(int best, const SelectTile* __restrict__ tiles, const float* __restrict__ scores,
            const SelectState* __restrict__ states, int* __restrict__ ties) {
  ACCRETE_SHARED(int, sum, 1);
  SelectTile tile = tiles[blockIdx.x];
  unsigned last = states[tile.group].key;
  if (threadIdx.x == 0) sum[0] = 0;
  __syncthreads();
  int count = 0;
  for (int i = tile.offset + threadIdx.x; i < tile.offset + tile.length; i += kThreads) {
    if (score_key(best, scores[i]) == last) count++;
  }
  if (count != 0) atomicAdd(&sum[0], count);
  __syncthreads();
  if (threadIdx.x == 0) ties[blockIdx.x] = sum[0];
}
ACCRETE_EXPORT(select_ties)

// Sets the bits of the chosen: what is better than the last, and of what equals it the first. A warp
// makes a word; words at the ends of a tile may be shared with others. 4 bytes read per parameter.
// `bits` must be 0 before.
extern "C" __global__ void __launch_bounds__(kThreads)
select_mark(int best, const SelectTile* __restrict__ tiles, const float* __restrict__ scores,
            const SelectState* __restrict__ states, const int* __restrict__ ties, unsigned* bits) {
  constexpr int kWarps = kThreads / kWarp;
  ACCRETE_SHARED(int, seen, 1);
  ACCRETE_SHARED(int, ofWarp, kWarps);
  SelectTile tile = tiles[blockIdx.x];
  SelectState last = states[tile.group];
  int lane = threadIdx.x % kWarp, warp = threadIdx.x / kWarp;
  if (threadIdx.x == 0) seen[0] = 0;
  __syncthreads();
  int earlier = 0;
  for (int t = tile.firstOfGroup + threadIdx.x; t < (int)blockIdx.x; t += kThreads) earlier += ties[t];
  if (earlier != 0) atomicAdd(&seen[0], earlier);
  __syncthreads();
  int before = seen[0];
  int end = tile.offset + tile.length;
  for (int from = tile.offset / kWarp * kWarp; from < end; from += kThreads) {
    int i = from + threadIdx.x;
    bool inside = i >= tile.offset && i < end;
    unsigned key = inside ? score_key(best, scores[i]) : 0;
    bool tie = inside && key == last.key;
    unsigned tied = __ballot_sync(kWholeWarp, tie);
    if (lane == 0) ofWarp[warp] = __popc(tied);
    __syncthreads();
    int rank = before + rank_in(tied, lane);
    for (int w = 0; w < kWarps; w++) {
      if (w < warp) rank += ofWarp[w];
      before += ofWarp[w];
    }
    bool chosen = (inside && key > last.key) || (tie && rank < last.left);
    unsigned word = __ballot_sync(kWholeWarp, chosen);
    if (lane == 0 && word != 0) atomicOr(&bits[i / kWarp], word);
    __syncthreads();
  }
}
ACCRETE_EXPORT(select_mark)

// How many are chosen before each block of 1024. One block of threads does it all: 400 KB for 3
// million parameters, bound by what one multiprocessor can load.
extern "C" __global__ void __launch_bounds__(1024)
select_before(int words, int blocks, const unsigned* __restrict__ bits, int* __restrict__ before) {
  constexpr int kBlock = 1024;
  ACCRETE_SHARED(int, sums, kBlock);
  int t = threadIdx.x;
  int each = (blocks + kBlock - 1) / kBlock;
  int first = min(blocks, t * each), last = min(blocks, first + each);
  int count = 0;
  for (int w = first * kWarp; w < min(words, last * kWarp); w++) count += __popc(bits[w]);
  sums[t] = count;
  __syncthreads();
  for (int step = 1; step < kBlock; step *= 2) {
    int below = t >= step ? sums[t - step] : 0;
    __syncthreads();
    sums[t] += below;
    __syncthreads();
  }
  int sum = sums[t] - count;
  for (int b = first; b < last; b++) {
    before[b] = sum;
    for (int w = b * kWarp; w < min(words, (b + 1) * kWarp); w++) sum += __popc(bits[w]);
  }
}
ACCRETE_EXPORT(select_before)

// The values of the chosen, packed. A warp takes a block of 1024: each lane finds where its word's
// values begin, then the warp goes through the words together. An eighth of a byte and 8 bytes per
// chosen parameter, in whole sectors where few are chosen. `packed` must be 0 before.
extern "C" __global__ void __launch_bounds__(kThreads)
pack_selected(int words, int blocks, const float* __restrict__ values,
              const unsigned* __restrict__ bits, const int* __restrict__ before,
              float* __restrict__ packed) {
  int lane = threadIdx.x % kWarp;
  int warps = gridDim.x * (kThreads / kWarp);
  for (int b = (blockIdx.x * kThreads + threadIdx.x) / kWarp; b < blocks; b += warps) {
    int own = b * kWarp + lane;
    unsigned word = own < words ? bits[own] : 0;
    int begin = packed_begin(word, before[b]);
    for (int w = 0; w < kWarp; w++) {
      unsigned chosen = __shfl_sync(kWholeWarp, word, w);
      int at = __shfl_sync(kWholeWarp, begin, w);
      if ((chosen >> lane & 1) != 0) {
        packed[at + rank_in(chosen, lane)] = values[b * kSelectionBlock + w * kWarp + lane];
      }
    }
  }
}
ACCRETE_EXPORT(pack_selected)

// Packed values where they belong, zeros elsewhere. 4 bytes written per parameter, an eighth of a
// byte and 4 bytes per chosen one read: bound by memory.
extern "C" __global__ void __launch_bounds__(kThreads)
unpack_selected(int size, int blocks, const float* __restrict__ packed,
                const unsigned* __restrict__ bits, const int* __restrict__ before,
                float* __restrict__ values) {
  int lane = threadIdx.x % kWarp;
  int warps = gridDim.x * (kThreads / kWarp);
  int words = (size + kWarp - 1) / kWarp;
  for (int b = (blockIdx.x * kThreads + threadIdx.x) / kWarp; b < blocks; b += warps) {
    int own = b * kWarp + lane;
    unsigned word = own < words ? bits[own] : 0;
    int begin = packed_begin(word, before[b]);
    for (int w = 0; w < kWarp; w++) {
      unsigned chosen = __shfl_sync(kWholeWarp, word, w);
      int at = __shfl_sync(kWholeWarp, begin, w);
      int i = b * kSelectionBlock + w * kWarp + lane;
      if (i < size) {
        values[i] = (chosen >> lane & 1) != 0 ? packed[at + rank_in(chosen, lane)] : 0.0f;
      }
    }
  }
}
ACCRETE_EXPORT(unpack_selected)
