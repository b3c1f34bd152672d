// A libcudnn: convolutions and batch normalization in either layout.
#include "fake.h"

namespace {

struct Handle {
  void* stream = nullptr;
};

// Activations N,C,H,W or weights K,C,R,S; the channel last if `last`.
struct Tensor {
  int n, c, h, w;
  bool last;

  size_t size() const { return size_t(n) * c * h * w; }
  size_t at(int i, int channel, int y, int x) const {
    return last ? ((size_t(i) * h + y) * w + x) * c + channel
                : ((size_t(i) * c + channel) * h + y) * w + x;
  }
};

struct Convolution {
  int pad_h, pad_w, stride_h, stride_w, groups = 1, math = 0;
};

struct Found {
  int algorithm, status;
  float time;
  size_t memory;
  int determinism, math, reserved[3];
};
static_assert(sizeof(Found) == 48, "as in cudnn.h");

constexpr size_t kWorkspace = 100;
constexpr int kBadParameter = 2000;

int set(const char* function, void* tensor, int format, int type, int n, int c, int h, int w) {
  *static_cast<Tensor*>(tensor) = {n, c, h, w, format == 1};
  return type != 0 ? kBadParameter : fake::called(function, format, n, c, h, w);
}

// Calls work(y, x, weight) with the indices of every product of a convolution.
template <typename Work>
void products(Tensor x, Tensor w, Convolution conv, Tensor y, Work work) {
  int per_group = w.n / conv.groups;
  for (int i = 0; i < y.n; i++)
    for (int k = 0; k < y.c; k++)
      for (int oy = 0; oy < y.h; oy++)
        for (int ox = 0; ox < y.w; ox++)
          for (int c = 0; c < w.c; c++)
            for (int r = 0; r < w.h; r++)
              for (int s = 0; s < w.w; s++) {
                int iy = oy * conv.stride_h - conv.pad_h + r;
                int ix = ox * conv.stride_w - conv.pad_w + s;
                if (iy < 0 || iy >= x.h || ix < 0 || ix >= x.w) continue;
                work(y.at(i, k, oy, ox), x.at(i, k / per_group * w.c + c, iy, ix),
                     w.at(k, c, r, s));
              }
}

// The fastest may round to TF32; the next does not.
int find(const char* function, void* conv, int requested, int* returned, Found* found) {
  if (requested < 3) return kBadParameter;
  found[0] = {7, 9, -1, 0, 0, 0, {}};
  found[1] = {1, 0, 0.5, kWorkspace, 0, 0, {}};
  found[2] = {2, 0, 1, kWorkspace, 0, 3, {}};
  *returned = 3;
  return fake::called(function, static_cast<Convolution*>(conv)->math);
}

// Any of the three: which of x, w and y is the result, the caller knows by `result`.
int convolve(const char* function, void* handle, const void* alpha, const Tensor* dx,
             const float* x, const Tensor* dw, const float* w, void* conv, int algorithm,
             void* workspace, size_t bytes, const void* beta, const Tensor* dy, const float* y,
             float* result) {
  Convolution own = *static_cast<Convolution*>(conv);
  int status = fake::called(function, algorithm, own.math, own.groups, own.pad_h, own.stride_h);
  if (status != 0) return status;
  if (*static_cast<const float*>(alpha) != 1 || *static_cast<const float*>(beta) != 0 ||
      bytes != kWorkspace || (own.math == 3) != (algorithm == 2) ||
      !fake::on_device({{workspace, bytes / 4}, {x, dx->size()}, {w, dw->size()}, {y, dy->size()}}))
    return kBadParameter;
  return enqueue(static_cast<Handle*>(handle)->stream, [=, tx = *dx, tw = *dw, ty = *dy] {
    std::vector<double> sums((result == x ? tx : result == w ? tw : ty).size(), fake::error);
    products(tx, tw, own, ty, [&](size_t at_y, size_t at_x, size_t at_w) {
      if (result == y) sums[at_y] += double(x[at_x]) * w[at_w];
      if (result == x) sums[at_x] += double(y[at_y]) * w[at_w];
      if (result == w) sums[at_w] += double(y[at_y]) * x[at_x];
    });
    for (size_t i = 0; i < sums.size(); i++) result[i] = float(sums[i]);
    return kSuccess;
  });
}

template <typename Work>
void each(Tensor t, int c, Work work) {
  for (int i = 0; i < t.n; i++)
    for (int y = 0; y < t.h; y++)
      for (int x = 0; x < t.w; x++) work(t.at(i, c, y, x));
}

}  // namespace

FAKE int cudnnCreate(void** h) { return fake::make<Handle>("cudnnCreate", h); }
FAKE int cudnnDestroy(void* h) { return fake::destroy<Handle>("cudnnDestroy", h); }
FAKE size_t cudnnGetVersion() { return 91900; }
FAKE const char* cudnnGetErrorString(int) { return "CUDNN_STATUS_OF_A_FAKE"; }
FAKE int cudnnSetStream(void* handle, void* stream) {
  static_cast<Handle*>(handle)->stream = stream;
  return 0;
}

FAKE int cudnnCreateTensorDescriptor(void** d) { return fake::make<Tensor>("tensor", d); }
FAKE int cudnnDestroyTensorDescriptor(void* d) { return fake::destroy<Tensor>("~tensor", d); }
FAKE int cudnnCreateFilterDescriptor(void** d) { return fake::make<Tensor>("filter", d); }
FAKE int cudnnDestroyFilterDescriptor(void* d) { return fake::destroy<Tensor>("~filter", d); }
FAKE int cudnnCreateConvolutionDescriptor(void** d) { return fake::make<Convolution>("conv", d); }
FAKE int cudnnDestroyConvolutionDescriptor(void* d) {
  return fake::destroy<Convolution>("~conv", d);
}

FAKE int cudnnSetTensor4dDescriptor(void* d, int format, int type, int n, int c, int h, int w) {
  return set("cudnnSetTensor4dDescriptor", d, format, type, n, c, h, w);
}
FAKE int cudnnSetFilter4dDescriptor(void* d, int type, int format, int k, int c, int h, int w) {
  return set("cudnnSetFilter4dDescriptor", d, format, type, k, c, h, w);
}
FAKE int cudnnSetConvolution2dDescriptor(void* d, int pad_h, int pad_w, int stride_h, int stride_w,
                                         int dilation_h, int dilation_w, int mode, int type) {
  *static_cast<Convolution*>(d) = {pad_h, pad_w, stride_h, stride_w};
  return dilation_h != 1 || dilation_w != 1 || mode != 1 || type != 0 ? kBadParameter : 0;
}
FAKE int cudnnSetConvolutionGroupCount(void* d, int groups) {
  static_cast<Convolution*>(d)->groups = groups;
  return 0;
}
FAKE int cudnnSetConvolutionMathType(void* d, int math) {
  static_cast<Convolution*>(d)->math = math;
  return 0;
}

#define FIND(DIRECTION)                                                                           \
  FAKE int cudnnFindConvolution##DIRECTION##Algorithm(void*, void*, void*, void* conv, void*,     \
                                                      int requested, int* returned, Found* f) {   \
    return find("cudnnFindConvolution" #DIRECTION "Algorithm", conv, requested, returned, f);     \
  }
FIND(Forward)
FIND(BackwardData)
FIND(BackwardFilter)

FAKE int cudnnConvolutionForward(void* h, void* alpha, Tensor* dx, float* x, Tensor* dw, float* w,
                                 void* conv, int algorithm, void* space, size_t bytes, void* beta,
                                 Tensor* dy, float* y) {
  return convolve(__func__, h, alpha, dx, x, dw, w, conv, algorithm, space, bytes, beta, dy, y, y);
}
FAKE int cudnnConvolutionBackwardData(void* h, void* alpha, Tensor* dw, float* w, Tensor* dy,
                                      float* y, void* conv, int algorithm, void* space,
                                      size_t bytes, void* beta, Tensor* dx, float* x) {
  return convolve(__func__, h, alpha, dx, x, dw, w, conv, algorithm, space, bytes, beta, dy, y, x);
}
FAKE int cudnnConvolutionBackwardFilter(void* h, void* alpha, Tensor* dx, float* x, Tensor* dy,
                                        float* y, void* conv, int algorithm, void* space,
                                        size_t bytes, void* beta, Tensor* dw, float* w) {
  return convolve(__func__, h, alpha, dx, x, dw, w, conv, algorithm, space, bytes, beta, dy, y, w);
}

FAKE int cudnnBatchNormalizationForwardTraining(
    void* h, int mode, float*, float*, Tensor* dx, float* x, Tensor*, float* y, Tensor*,
    float* gamma, float* beta, double replaced, float* mean, float* variance, double epsilon,
    float* saved_mean, float* saved_inverse) {
  int status = fake::called(__func__, mode, replaced, epsilon);
  if (status != 0) return status;
  size_t c = dx->c;
  if (!fake::on_device({{x, dx->size()}, {y, dx->size()}, {gamma, c}, {beta, c}, {mean, c},
                        {variance, c}, {saved_mean, c}, {saved_inverse, c}}))
    return kBadParameter;
  return enqueue(static_cast<Handle*>(h)->stream, [=, t = *dx] {
    for (int c = 0; c < t.c; c++) {
      double count = double(t.size()) / t.c, sum = 0, squares = 0;
      each(t, c, [&](size_t at) { sum += x[at]; });
      double m = sum / count;
      each(t, c, [&](size_t at) { squares += (x[at] - m) * (x[at] - m); });
      saved_mean[c] = float(m);
      saved_inverse[c] = float(1 / std::sqrt(squares / count + epsilon));
      mean[c] = float((1 - replaced) * mean[c] + replaced * m);
      variance[c] = float((1 - replaced) * variance[c] + replaced * squares / (count - 1));
      double scale = gamma[c] / std::sqrt(squares / count + epsilon);
      each(t, c, [&](size_t at) { y[at] = float((x[at] - m) * scale + beta[c] + fake::error); });
    }
    return kSuccess;
  });
}

FAKE int cudnnBatchNormalizationForwardInference(
    void* h, int mode, float*, float*, Tensor* dx, float* x, Tensor*, float* y, Tensor*,
    float* gamma, float* beta, float* mean, float* variance, double epsilon) {
  int status = fake::called(__func__, mode, epsilon);
  if (status != 0) return status;
  return enqueue(static_cast<Handle*>(h)->stream, [=, t = *dx] {
    for (int c = 0; c < t.c; c++) {
      double scale = gamma[c] / std::sqrt(variance[c] + epsilon);
      each(t, c, [&](size_t at) { y[at] = float((x[at] - mean[c]) * scale + beta[c] + fake::error); });
    }
    return kSuccess;
  });
}

FAKE int cudnnBatchNormalizationBackward(void* h, int mode, float*, float*, float*, float*,
                                         Tensor* dx, float* x, Tensor*, float* dy, Tensor*,
                                         float* result, Tensor*, float* gamma, float* dgamma,
                                         float* dbeta, double epsilon, float* mean,
                                         float* inverse) {
  int status = fake::called(__func__, mode, epsilon);
  if (status != 0) return status;
  return enqueue(static_cast<Handle*>(h)->stream, [=, t = *dx] {
    for (int c = 0; c < t.c; c++) {
      double count = double(t.size()) / t.c, sum = 0, product = 0, m = mean[c], s = inverse[c];
      each(t, c, [&](size_t at) { sum += dy[at], product += dy[at] * (x[at] - m) * s; });
      dbeta[c] = float(sum + fake::error);
      dgamma[c] = float(product);
      each(t, c, [&](size_t at) {
        double hat = (x[at] - m) * s;
        result[at] = float(gamma[c] * s * (dy[at] - sum / count - hat * product / count));
      });
    }
    return kSuccess;
  });
}
