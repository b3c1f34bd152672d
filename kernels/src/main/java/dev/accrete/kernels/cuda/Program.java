package dev.accrete.kernels.cuda;

import dev.accrete.core.MemoryPlanner;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUstream;

/**
 * Steps over the blocks of one arena. Built step by step, then {@link #place placed}: from the
 * steps it is known which blocks live at the same time.
 */
final class Program {
  /** cuMemAlloc aligns to 256 bytes, and so do blocks: any vector load, and whole cache lines. */
  private static final long ALIGNMENT = 256;

  /** Eight are resident at a time; several rounds even out who is slow. */
  private static final int BLOCKS_PER_MULTIPROCESSOR = 64;

  private final Device device;
  private final MemoryPlanner planner = new MemoryPlanner(ALIGNMENT);
  private final List<Step> steps = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private final List<Buffer> lasting = new ArrayList<>();
  private final List<Constant> constants = new ArrayList<>();
  private final List<Sharing> sharings = new ArrayList<>();

  private record Constant(Buffer buffer, Pointer words) {}

  private record Sharing(Buffer operand, Buffer result) {}

  Program(Device device) {
    this.device = device;
  }

  /** A new block, alive from the first step that names it to the last. */
  Buffer block(long bytes) {
    return register(Buffer.planned(planner.block(bytes), 0, bytes));
  }

  /** A part of a block, or of a variable. */
  Buffer part(Buffer whole, long from, long bytes) {
    return register(whole.part(from, bytes));
  }

  private Buffer register(Buffer buffer) {
    if (buffer.planned()) {
      buffers.add(buffer);
    }
    return buffer;
  }

  /** A block that keeps what is in it between runs. */
  Buffer lasting(long bytes) {
    Buffer buffer = block(bytes);
    lasting.add(buffer);
    return buffer;
  }

  /** Words that are there before the first run. */
  Buffer constant(int[] words) {
    Buffer buffer = lasting((long) Integer.BYTES * words.length);
    constants.add(new Constant(buffer, Pointer.to(words.clone())));
    return buffer;
  }

  /** Makes what is in a buffer outlive the run. */
  void keep(Buffer buffer) {
    if (buffer.planned()) {
      lasting.add(buffer);
    }
  }

  /** Lets a result take over the memory of an operand if that is not needed afterwards. */
  void share(Buffer operand, Buffer result) {
    if (operand.planned() && result.planned()) {
      sharings.add(new Sharing(operand, result));
    }
  }

  void launch(KernelFile file, String kernel, Grid grid, Object... arguments) {
    Device.Kernel loaded = device.kernel(file, kernel);
    loaded.allowShared(grid.sharedBytes());
    steps.add(new Step.Launch(loaded, grid, List.of(arguments)));
  }

  /** What encodes matrices for kernels that copy them by the tensor memory accelerator. */
  TensorMapEncoder tensorMaps() {
    return device.tensorMaps();
  }

  /** The names of the kernels in the order of their launches. */
  List<String> kernels() {
    List<String> names = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Launch launch) {
        names.add(launch.kernel().name());
      }
    }
    return names;
  }

  void copy(Buffer to, Buffer from, long bytes) {
    steps.add(new Step.Copy(to, from, bytes));
  }

  void fill(Buffer to, float value, long count) {
    steps.add(new Step.Fill(to, Float.floatToRawIntBits(value), count));
  }

  /** What was added since there were {@code count} steps, taken out of the program. */
  List<Step> takeFrom(int count) {
    List<Step> tail = steps.subList(count, steps.size());
    List<Step> taken = List.copyOf(tail);
    tail.clear();
    // They run outside the program: their blocks must not be used by anything else.
    taken.forEach(step -> step.buffers().forEach(this::keep));
    return taken;
  }

  /** How many blocks fill the device several times. */
  int mostBlocks() {
    return BLOCKS_PER_MULTIPROCESSOR * device.multiprocessors();
  }

  int size() {
    return steps.size();
  }

  /**
   * Plans the arena, allocates it and uploads the constants. Afterwards the program is complete.
   *
   * @throws dev.accrete.core.AccreteException if there is not enough memory
   */
  DeviceMemory place() {
    for (int step = 0; step < steps.size(); step++) {
      for (Buffer buffer : steps.get(step).buffers()) {
        if (buffer.planned()) {
          planner.use(buffer.block(), step);
        }
      }
    }
    for (Buffer buffer : lasting) {
      planner.use(buffer.block(), 0);
      planner.use(buffer.block(), MemoryPlanner.FOREVER);
    }
    sharings.forEach(s -> planner.share(s.operand.block(), s.result.block()));
    planner.plan();
    DeviceMemory arena =
        device.allocate(Math.max(ALIGNMENT, planner.size()), "the values of a mini-batch");
    buffers.forEach(buffer -> buffer.place(arena, planner.offset(buffer.block())));
    // Constants are copied beside the stream that clears.
    device.clear(arena);
    device.await();
    for (Constant constant : constants) {
      arena.upload(constant.buffer.pointer(), constant.words, constant.buffer.bytes());
    }
    return arena;
  }

  /** Gives all steps to a stream in order. */
  void enqueue(CUstream stream) {
    enqueue(0, steps.size(), stream);
  }

  /** Gives the steps from number {@code from} to before number {@code to} to a stream in order. */
  void enqueue(int from, int to, CUstream stream) {
    steps.subList(from, to).forEach(step -> step.enqueue(stream));
  }
}
