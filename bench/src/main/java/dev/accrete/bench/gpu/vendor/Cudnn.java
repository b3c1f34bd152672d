package dev.accrete.bench.gpu.vendor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.accrete.core.Shape;
import dev.accrete.core.op.Conv2d;
import java.lang.foreign.MemorySegment;
import jcuda.driver.CUstream;

/**
 * A handle of cuDNN, and the descriptors that are made for one call. Numbers are those of {@code
 * cudnn.h}.
 */
final class Cudnn implements AutoCloseable {
  private static final int FLOATS = 0;
  private static final int CROSS_CORRELATION = 1;

  final Owned owned = new Owned();
  final MemorySegment one = owned.arena().allocateFrom(JAVA_FLOAT, 1);
  final MemorySegment zero = owned.arena().allocateFrom(JAVA_FLOAT, 0);
  final MemorySegment handle;
  private final NativeLibrary library;

  Cudnn(NativeLibrary library, CUstream stream) {
    this.library = library;
    handle = make("");
    call("cudnnSetStream", handle, NativeAddress.of(stream));
  }

  /** Calls a function, and throws if its status is not 0. */
  void call(String function, Object... arguments) {
    library.call("cudnnGetErrorString", function, arguments);
  }

  String description() {
    return library.file() + " " + library.invoke("cudnnGetVersion", JAVA_LONG);
  }

  private MemorySegment make(String kind) {
    MemorySegment result = owned.arena().allocate(ADDRESS);
    call("cudnnCreate" + kind, result);
    MemorySegment object = result.get(ADDRESS, 0);
    owned.add(() -> call("cudnnDestroy" + kind, object));
    return object;
  }

  /** Describes activations. */
  MemorySegment tensor(Shape shape, Layout layout) {
    return make("Tensor", layout.format(), FLOATS, shape);
  }

  /** Describes weights. */
  MemorySegment filter(Shape shape, Layout layout) {
    return make("Filter", FLOATS, layout.format(), shape);
  }

  private MemorySegment make(String kind, int first, int second, Shape shape) {
    MemorySegment made = make(kind + "Descriptor");
    int[] d = shape.toArray();
    call("cudnnSet" + kind + "4dDescriptor", made, first, second, d[0], d[1], d[2], d[3]);
    return made;
  }

  /** Describes a convolution with sums in fp32. */
  MemorySegment convolution(Conv2d op) {
    MemorySegment made = make("ConvolutionDescriptor");
    String set = "cudnnSetConvolution2dDescriptor";
    int h = op.strideH();
    int w = op.strideW();
    call(set, made, op.padH(), op.padW(), h, w, 1, 1, CROSS_CORRELATION, FLOATS);
    call("cudnnSetConvolutionGroupCount", made, op.groups());
    return made;
  }

  @Override
  public void close() {
    owned.close();
  }
}
