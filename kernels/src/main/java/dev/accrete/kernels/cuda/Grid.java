package dev.accrete.kernels.cuda;

/** Blocks of a launch, and of each the threads and the shared memory that the launch gives. */
record Grid(int x, int y, int z, int blockX, int blockY, int sharedBytes) {
  /** Threads of a block in most kernels: kThreads in accrete.cuh. */
  static final int THREADS = 256;

  /** A launch that gives no shared memory. */
  Grid(int x, int y, int z, int blockX, int blockY) {
    this(x, y, z, blockX, blockY, 0);
  }

  /** {@code x} blocks. */
  static Grid blocks(int x) {
    return new Grid(x, 1, 1, THREADS, 1);
  }

  /** {@code x * y * z} blocks. */
  static Grid blocks(int x, int y, int z) {
    return new Grid(x, y, z, THREADS, 1);
  }

  /** Blocks whose threads are 32 x 8, as for transposition and sums over columns. */
  static Grid ofLanes(int x, int y, int z) {
    return new Grid(x, y, z, 32, THREADS / 32);
  }

  /** The same with so much shared memory beyond what the kernel declares. */
  Grid withShared(int bytes) {
    return new Grid(x, y, z, blockX, blockY, bytes);
  }
}
