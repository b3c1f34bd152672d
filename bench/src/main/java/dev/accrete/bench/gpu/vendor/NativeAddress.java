package dev.accrete.bench.gpu.vendor;

import jcuda.NativePointerObject;

/** JCuda shows addresses to its own kind only. */
final class NativeAddress extends NativePointerObject {
  private NativeAddress(NativePointerObject object) {
    super(object);
  }

  /** Where something lies, or an opaque handle. */
  static long of(NativePointerObject object) {
    return new NativeAddress(object).getNativePointer();
  }
}
