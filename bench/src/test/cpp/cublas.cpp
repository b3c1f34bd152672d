// A libcublas that multiplies matrices whose columns lie in memory one after the other.
#include "fake.h"

namespace {

struct Handle {
  void* stream = nullptr;
  bool workspace = false;
};

}  // namespace

FAKE int cublasCreate_v2(void** handle) { return fake::make<Handle>("cublasCreate", handle); }
FAKE int cublasDestroy_v2(void* handle) { return fake::destroy<Handle>("cublasDestroy", handle); }
FAKE const char* cublasGetStatusString(int) { return "CUBLAS_STATUS_OF_A_FAKE"; }

FAKE int cublasSetStream_v2(void* handle, void* stream) {
  *static_cast<Handle*>(handle) = {stream, false};
  return fake::called("cublasSetStream");
}

FAKE int cublasSetWorkspace_v2(void* handle, void* workspace, size_t bytes) {
  if (!fake::on_device({{workspace, bytes / 4}})) return 7;
  static_cast<Handle*>(handle)->workspace = true;
  return fake::called("cublasSetWorkspace", bytes);
}

FAKE int cublasGetVersion_v2(void*, int* version) {
  *version = 130100;
  return 0;
}

FAKE int cublasGemmEx(void* handle, int op_a, int op_b, int m, int n, int k, const float* alpha,
                      const float* a, int type_a, int lda, const float* b, int type_b, int ldb,
                      const float* beta, float* c, int type_c, int ldc, int compute,
                      int algorithm) {
  int status = fake::called("cublasGemmEx", op_a, op_b, m, n, k, *alpha, lda, ldb, *beta, ldc,
                            compute, algorithm);
  Handle* own = static_cast<Handle*>(handle);
  if (status != 0) return status;
  if (!own->workspace || type_a != 0 || type_b != 0 || type_c != 0 || ldc < m ||
      lda < (op_a ? k : m) || ldb < (op_b ? n : k) ||
      !fake::on_device({{a, size_t(lda) * (op_a ? m : k)},
                        {b, size_t(ldb) * (op_b ? k : n)},
                        {c, size_t(ldc) * n}})) {
    return 7;
  }
  float scale = *alpha, keep = *beta;
  return enqueue(own->stream, [=] {
    for (int column = 0; column < n; column++) {
      for (int row = 0; row < m; row++) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
          sum += double(op_a ? a[i + size_t(row) * lda] : a[row + size_t(i) * lda]) *
                 (op_b ? b[column + size_t(i) * ldb] : b[i + size_t(column) * ldb]);
        }
        float* at = &c[row + size_t(column) * ldc];
        *at = float(scale * sum) + (keep == 0 ? 0 : keep * *at) + fake::error;
      }
    }
    return kSuccess;
  });
}
