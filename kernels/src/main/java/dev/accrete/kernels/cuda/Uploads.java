package dev.accrete.kernels.cuda;

import dev.accrete.core.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;
import java.util.function.Consumer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Brings the inputs of a plan to the device while its previous run still computes.
 *
 * <p>The caller's values go to one of two pinned buffers; {@link #flush} copies what has changed to
 * a staging area on the device in a stream of its own, and from there to the plan's inputs in the
 * stream that computes. Only that last copy, at the speed of the device's memory, waits for the
 * previous run.
 */
final class Uploads implements Owned.Resource {
  private final Device device;
  private final InputBlock inputs;
  private final Owned owned = new Owned();
  private final DeviceMemory staging;
  private final Pinned[] pinned;
  private final CUevent staged;
  private boolean stagedOnce;
  private int current;
  private boolean currentFree;
  private final TreeMap<Integer, InputBlock.Slot> changed = new TreeMap<>();

  private record Pinned(Pointer pointer, ByteBuffer bytes, CUevent uploaded) {}

  Uploads(Device device, InputBlock inputs) {
    this.device = device;
    this.inputs = inputs;
    try {
      staging = owned.add(device.allocate(inputs.bytes(), "the inputs of a mini-batch"));
      pinned = new Pinned[] {pin(inputs.bytes()), pin(inputs.bytes())};
      staged = event();
    } catch (RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  private Pinned pin(long bytes) {
    Pointer pointer = new Pointer();
    Cuda.check(JCudaDriver.cuMemHostAlloc(pointer, bytes, 0), "pin memory for inputs");
    owned.add(() -> Cuda.check(JCudaDriver.cuMemFreeHost(pointer), "free pinned memory"));
    ByteBuffer buffer = pointer.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    return new Pinned(pointer, buffer, event());
  }

  private CUevent event() {
    CUevent event = new CUevent();
    Cuda.check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "make an event");
    owned.add(() -> Cuda.check(JCudaDriver.cuEventDestroy(event), "close an event"));
    return event;
  }

  /** Staging memory on the device and pinned memory on the host. */
  long bytes() {
    return 3 * inputs.bytes();
  }

  /** Takes the values of an input; {@code put} writes them into the buffer it is given. */
  void write(Value.Input input, Consumer<ByteBuffer> put) {
    InputBlock.Slot slot = inputs.slot(input);
    device.enter();
    Pinned target = pinned[current];
    if (!currentFree) {
      // Its last upload was two flushes ago: this hardly ever waits.
      Cuda.check(JCudaDriver.cuEventSynchronize(target.uploaded), "upload inputs");
      currentFree = true;
    }
    ByteBuffer place =
        target.bytes.slice(Math.toIntExact(slot.offset()), Math.toIntExact(slot.bytes()));
    put.accept(place.order(ByteOrder.nativeOrder()));
    changed.put(slot.index(), slot);
  }

  /** Lets the next run see what was written. */
  void flush() {
    if (changed.isEmpty()) {
      return;
    }
    Pinned source = pinned[current];
    CUstream uploads = device.uploads();
    CUstream compute = device.compute();
    if (stagedOnce) {
      Cuda.check(JCudaDriver.cuStreamWaitEvent(uploads, staged, 0), "order copies");
    }
    forEachRun(
        (from, length) ->
            Cuda.check(
                JCudaDriver.cuMemcpyHtoDAsync(
                    staging.at(from), source.pointer.withByteOffset(from), length, uploads),
                "upload inputs"));
    Cuda.check(JCudaDriver.cuEventRecord(source.uploaded, uploads), "order copies");
    Cuda.check(JCudaDriver.cuStreamWaitEvent(compute, source.uploaded, 0), "order copies");
    CUdeviceptr target = inputs.whole().pointer();
    forEachRun(
        (from, length) ->
            Cuda.check(
                JCudaDriver.cuMemcpyDtoDAsync(
                    target.withByteOffset(from), staging.at(from), length, compute),
                "place inputs"));
    Cuda.check(JCudaDriver.cuEventRecord(staged, compute), "order copies");
    stagedOnce = true;
    changed.clear();
    current = 1 - current;
    currentFree = false;
  }

  private interface Run {
    void copy(long from, long length);
  }

  /** Neighbours that have both changed are copied at once. */
  private void forEachRun(Run run) {
    long from = -1;
    long end = -1;
    int previous = -1;
    for (InputBlock.Slot slot : changed.values()) {
      if (slot.index() != previous + 1 && from >= 0) {
        run.copy(from, end - from);
        from = -1;
      }
      from = from < 0 ? slot.offset() : from;
      end = slot.end();
      previous = slot.index();
    }
    run.copy(from, end - from);
  }

  @Override
  public void close() {
    device.enter();
    Cuda.check(JCudaDriver.cuStreamSynchronize(device.uploads()), "upload inputs");
    owned.close();
  }
}
