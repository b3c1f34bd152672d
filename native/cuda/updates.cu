// AR1*'s update of the flat parameters and their importance (Zenke et al. 2017; Lomonaco et al.
// 2020), each in one pass.
#include "accrete.cuh"

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

__device__ __forceinline__ void step(const Sgd& sgd, const UpdateTile& tile, float rate,
                                            Synapse& s) {
  float u = s.gradient + tile.weightDecay * s.weight;
  if (tile.synaptic != 0 && sgd.penalty == 1) u *= 1 - s.importance / sgd.importanceMax;
  if (tile.synaptic != 0 && sgd.penalty == 2) {
    u += sgd.strength * s.importance * (s.weight - s.anchor);
  }
  float velocity = sgd.momentum * s.momentum + rate * u;
  float way = sgd.nesterov != 0 ? sgd.momentum * velocity + rate * u : velocity;
  if (tile.synaptic != 0) {
    s.trajectory += (sgd.solverTrajectory != 0 ? way : s.gradient) * -way;
  }
  s.weight -= way;
  s.momentum = velocity;
}

__device__ __forceinline__ bool aligned(const float* p) {
  return (reinterpret_cast<size_t>(p) & 15) == 0;
}

// One pass over the flat parameters: 16 bytes read (20 and 24 with importance and anchors) and 12
// written per parameter of a synaptic tile, 12 and 8 in others; about 10 operations: bound by
// memory. Weights, momentum and trajectory are updated in place; frozen parameters are in no tile.
// A tile takes four parameters per thread and load where everything is aligned to 16 bytes.
extern "C" __global__ void __launch_bounds__(kThreads)
sgd_synaptic(Sgd sgd, const UpdateTile* __restrict__ tiles, const float* __restrict__ learningRate,
             float* weights, const float* __restrict__ gradients, float* momentum,
             float* trajectory, const float* __restrict__ importance,
             const float* __restrict__ anchors) {
  UpdateTile tile = tiles[blockIdx.x];
  float rate = learningRate[0] * tile.multiplier;
  bool synaptic = tile.synaptic != 0;
  bool important = synaptic && sgd.penalty != 0;
  bool anchored = synaptic && sgd.penalty == 2;
  int begin = tile.offset, end = tile.offset + tile.length;
  // Parameters [begin, vectors) four by four, the rest one by one.
  bool wide = aligned(weights + begin) && aligned(gradients + begin) &&
              aligned(momentum + begin) && aligned(trajectory + begin) &&
              (!important || aligned(importance + begin)) &&
              (!anchored || aligned(anchors + begin));
  int vectors = begin + (wide ? tile.length / 4 * 4 : 0);
  const float4 none = make_float4(0, 0, 0, 0);
  for (int i = begin + 4 * threadIdx.x; i < vectors; i += 4 * kThreads) {
    float4 w = *reinterpret_cast<float4*>(weights + i);
    float4 g = *reinterpret_cast<const float4*>(gradients + i);
    float4 v = *reinterpret_cast<float4*>(momentum + i);
    float4 t = synaptic ? *reinterpret_cast<float4*>(trajectory + i) : none;
    float4 f = important ? *reinterpret_cast<const float4*>(importance + i) : none;
    float4 a = anchored ? *reinterpret_cast<const float4*>(anchors + i) : none;
    Synapse s[4] = {{w.x, g.x, v.x, t.x, f.x, a.x},
                    {w.y, g.y, v.y, t.y, f.y, a.y},
                    {w.z, g.z, v.z, t.z, f.z, a.z},
                    {w.w, g.w, v.w, t.w, f.w, a.w}};
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
    Synapse s = {weights[i],
                 gradients[i],
                 momentum[i],
                 synaptic ? trajectory[i] : 0.0f,
                 important ? importance[i] : 0.0f,
                 anchored ? anchors[i] : 0.0f};
    step(sgd, tile, rate, s);
    weights[i] = s.weight;
    momentum[i] = s.momentum;
    if (synaptic) trajectory[i] = s.trajectory;
  }
}
ACCRETE_EXPORT(sgd_synaptic)

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
