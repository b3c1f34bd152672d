package dev.accrete.kernels.vector.tensor;

import java.util.List;

/**
 * Sums per channel of a blocked tensor, added up by the kernel that writes the tensor, tile by tile
 * while a tile is still in the cache. Offsets are relative to the first element.
 */
public interface Epilogue {
  /** Nothing to add up. */
  Epilogue NONE =
      new Epilogue() {
        @Override
        public List<Operand> operands() {
          return List.of();
        }

        @Override
        public void begin() {}

        @Override
        public void add(int part, int block, int at, int positions, int planes, int stride) {}
      };

  /** What is read beside the tensor that is written. */
  List<Operand> operands();

  /** Starts anew; to be called before the first tile of every run. */
  void begin();

  /**
   * Adds positions of channel block {@code block}: {@code positions} adjacent ones from {@code at},
   * and as many in each of {@code planes} planes {@code stride} floats apart. Sums are kept by
   * part, so that only one tile may add to a part of a block, in an order of its own; parts are
   * added up in their order.
   */
  void add(int part, int block, int at, int positions, int planes, int stride);
}
