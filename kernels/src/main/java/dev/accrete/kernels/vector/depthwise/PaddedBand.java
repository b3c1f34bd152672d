package dev.accrete.kernels.vector.depthwise;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;

import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Source;

/**
 * Lines of a plane (one channel block of one image), computed and brought into scratch memory with
 * their padding, so that kernels need no borders. Columns are fixed: {@code width} of them from
 * {@code firstColumn} (may be negative) of a plane of planeHeight x planeWidth positions.
 */
record PaddedBand(int planeHeight, int planeWidth, int firstColumn, int width) {
  /** Floats of one line. */
  int row() {
    return width * BLOCK;
  }

  /**
   * Brings lines {@code firstLine} to {@code firstLine + lines - 1}; those outside are 0.
   *
   * @param cleared whether the padding is 0 already: it stays so when one plane after the other is
   *     brought to the same place
   */
  void load(
      Source x,
      int plane,
      int channel,
      int firstLine,
      int lines,
      float[] to,
      int to0,
      boolean cleared) {
    int left = Math.clamp(-firstColumn, 0, width);
    int inside = Math.max(0, Math.min(planeWidth - Math.max(firstColumn, 0), width - left));
    int begin = Math.clamp(firstLine, 0, planeHeight);
    int end = Math.clamp(firstLine + lines, begin, planeHeight);
    if (!cleared) {
      for (int line = firstLine; line < firstLine + lines; line++) {
        int at = to0 + (line - firstLine) * row();
        if (line < begin || line >= end) {
          Blocks.clear(to, at, width);
        } else {
          Blocks.clear(to, at, left);
          Blocks.clear(to, at + (left + inside) * BLOCK, width - left - inside);
        }
      }
    }
    int from = plane + (begin * planeWidth + Math.max(firstColumn, 0)) * BLOCK;
    int first = to0 + (begin - firstLine) * row() + left * BLOCK;
    x.copyLines(from, planeWidth * BLOCK, to, first, row(), end - begin, inside, channel);
  }
}
