package dev.accrete.kernels.vector.run;

/** Work cut into tiles that may run in any order and on any thread. */
@FunctionalInterface
public interface TileBody {
  /**
   * Does tile {@code tile}. What it writes must depend on nothing but the tile, so that results are
   * the same for any number of threads.
   */
  void run(int tile, Scratch scratch);
}
