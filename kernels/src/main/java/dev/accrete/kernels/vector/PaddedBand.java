package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;

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

  /** Brings lines {@code firstLine} to {@code firstLine + lines - 1}; those outside are 0. */
  void load(Source x, int plane, int channel, int firstLine, int lines, float[] to, int to0) {
    int left = Math.clamp(-firstColumn, 0, width);
    int inside = Math.max(0, Math.min(planeWidth - Math.max(firstColumn, 0), width - left));
    int from = plane + Math.max(firstColumn, 0) * BLOCK;
    for (int i = 0; i < lines; i++) {
      int line = firstLine + i;
      int at = to0 + i * row();
      if (line < 0 || line >= planeHeight) {
        Blocks.clear(to, at, width);
        continue;
      }
      Blocks.clear(to, at, left);
      int source = from + line * planeWidth * BLOCK;
      x.copy(source, to, at + left * BLOCK, inside, channel);
      Blocks.clear(to, at + (left + inside) * BLOCK, width - left - inside);
    }
  }
}
