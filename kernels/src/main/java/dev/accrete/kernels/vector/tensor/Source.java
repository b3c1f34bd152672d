package dev.accrete.kernels.vector.tensor;

import java.util.List;

/**
 * What a kernel loads: a tensor in memory, or a function of tensors that lie alike which is
 * computed while it is loaded and so never exists in memory itself. Padding of a convolution stays
 * zero: it is not loaded. Offsets are relative to the first element.
 */
public interface Source {
  /** Whether everything can be loaded at once, without {@link #prepare}. */
  default boolean isReady() {
    return true;
  }

  /**
   * Makes {@code positions} adjacent positions of a block ready to be loaded. If not {@link
   * #isReady}, to be called exactly once in every run for all positions, by the tile that loads
   * them.
   */
  default void prepare(int at, int positions, int channel) {}

  /**
   * Copies {@code positions} adjacent positions of a block, whose first channel is {@code channel},
   * from {@code at} to {@code to0}.
   */
  default void copy(int at, float[] to, int to0, int positions, int channel) {
    copyLines(at, 0, to, to0, 0, 1, positions, channel);
  }

  /**
   * Copies {@code lines} runs of {@code positions} adjacent positions; from one to the next are
   * {@code atStep} floats in the source and {@code toStep} in {@code to}.
   */
  void copyLines(
      int at, int atStep, float[] to, int to0, int toStep, int lines, int positions, int channel);

  /** One element of a channel; slow. */
  float value(int at, int channel);

  /** Whether the elements are those of {@link #base} as they are. */
  boolean isPlain();

  /** The tensor whose elements these are, or are computed from. */
  Operand base();

  /** All tensors that are read. */
  List<Operand> operands();
}
