package dev.accrete.kernels.cuda;

import dev.accrete.core.DType;
import dev.accrete.core.Store;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/** Variables in one allocation on the device, each in canonical order. */
final class CudaStore implements Store {
  private static final long ALIGNMENT = 256;
  private static final long FLOAT = Float.BYTES;
  private static final long DOUBLE = Double.BYTES;

  private final Device device;
  private final Map<Variable, Long> offsets = new LinkedHashMap<>();
  private final long size;
  private final DeviceMemory memory;
  private boolean closed;

  CudaStore(Device device, Collection<Variable> variables) {
    this.device = device;
    long end = 0;
    for (Variable variable : variables) {
      if (offsets.putIfAbsent(variable, end) == null) {
        end += Math.ceilDiv(variable.type().bytes(), ALIGNMENT) * ALIGNMENT;
      }
    }
    size = offsets.keySet().stream().mapToLong(v -> v.type().bytes()).sum();
    memory = device.allocate(Math.max(ALIGNMENT, end), "the variables");
    device.clear(memory);
  }

  Device device() {
    return device;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public Set<Variable> variables() {
    return Set.copyOf(offsets.keySet());
  }

  private long offset(Variable variable) {
    Long offset = offsets.get(variable);
    if (offset == null) {
      throw new IllegalArgumentException(
          "the store has no " + variable + "; it has " + offsets.keySet());
    }
    return offset;
  }

  /**
   * A part of a variable for a program.
   *
   * @throws IllegalArgumentException if the variable does not live here
   */
  Buffer buffer(Value.View view) {
    long from = (long) view.offset() * view.type().dtype().bytes();
    long offset = offset(view.variable()) + from;
    return Buffer.fixed(memory.at(offset), offset, view.type().bytes());
  }

  /** Checks a range of a variable and gives the address where it starts. */
  private CUdeviceptr range(Variable variable, DType dtype, int from, int length) {
    long base = typed(variable, dtype);
    Objects.checkFromIndexSize(from, length, variable.type().shape().size());
    return memory.at(base + (long) dtype.bytes() * from);
  }

  /** Checks the type of a variable and gives its place in the memory. */
  private long typed(Variable variable, DType dtype) {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    if (variable.type().dtype() != dtype) {
      throw new IllegalArgumentException(variable + " does not hold " + dtype + " elements");
    }
    return offset(variable);
  }

  @Override
  public void read(Variable variable, int from, float[] destination, int offset, int length) {
    CUdeviceptr source = range(variable, DType.F32, from, length);
    Objects.checkFromIndexSize(offset, length, destination.length);
    download(Pointer.to(destination).withByteOffset(FLOAT * offset), source, FLOAT * length);
  }

  @Override
  public void read(Variable variable, int from, double[] destination, int offset, int length) {
    CUdeviceptr source = range(variable, DType.F64, from, length);
    Objects.checkFromIndexSize(offset, length, destination.length);
    download(Pointer.to(destination).withByteOffset(DOUBLE * offset), source, DOUBLE * length);
  }

  @Override
  public void read(Variable variable, int from, byte[] destination, int offset, int length) {
    CUdeviceptr source = range(variable, DType.U8, from, length);
    Objects.checkFromIndexSize(offset, length, destination.length);
    download(Pointer.to(destination).withByteOffset(offset), source, length);
  }

  private void download(Pointer target, CUdeviceptr source, long bytes) {
    device.await();
    if (bytes > 0) {
      Cuda.check(JCudaDriver.cuMemcpyDtoH(target, source, bytes), "return a variable");
    }
  }

  @Override
  public void write(Variable variable, int to, float[] source, int offset, int length) {
    CUdeviceptr target = range(variable, DType.F32, to, length);
    Objects.checkFromIndexSize(offset, length, source.length);
    upload(target, Pointer.to(source).withByteOffset(FLOAT * offset), FLOAT * length);
  }

  @Override
  public void write(Variable variable, int to, double[] source, int offset, int length) {
    CUdeviceptr target = range(variable, DType.F64, to, length);
    Objects.checkFromIndexSize(offset, length, source.length);
    upload(target, Pointer.to(source).withByteOffset(DOUBLE * offset), DOUBLE * length);
  }

  @Override
  public void write(Variable variable, int to, byte[] source, int offset, int length) {
    CUdeviceptr target = range(variable, DType.U8, to, length);
    Objects.checkFromIndexSize(offset, length, source.length);
    upload(target, Pointer.to(source).withByteOffset(offset), length);
  }

  private void upload(CUdeviceptr target, Pointer source, long bytes) {
    device.await();
    if (bytes > 0) {
      memory.upload(target, source, bytes);
    }
  }

  @Override
  public int[] readInts(Variable variable) {
    CUdeviceptr source = memory.at(typed(variable, DType.I32));
    int[] values = new int[variable.type().shape().size()];
    download(Pointer.to(values), source, variable.type().bytes());
    return values;
  }

  @Override
  public void write(Variable variable, int[] values) {
    CUdeviceptr target = memory.at(typed(variable, DType.I32));
    variable.requireSize(values.length);
    upload(target, Pointer.to(values), variable.type().bytes());
  }

  @Override
  public long bytes() {
    return size;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memory.close();
    }
  }
}
