package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Shape;

/** Cells for latents of one shape. */
interface LatentStorage {
  /**
   * Storage with room for {@code cells} latents.
   *
   * @throws AccreteException if they are more than one array can hold
   */
  static LatentStorage of(ReplaySettings.Storage kind, int cells, Shape latent) {
    if ((long) cells * latent.size() > Integer.MAX_VALUE - 8) {
      throw new AccreteException(
          cells
              + " latents of "
              + latent
              + " are more numbers than one array can hold; set replay.memory to at most "
              + (Integer.MAX_VALUE - 8) / latent.size());
    }
    return switch (kind) {
      case FP32 -> new FloatLatents(cells, latent);
      case U8 -> new ByteLatents(cells, latent);
    };
  }

  /** Puts the latent at {@code from[offset]} into a cell. */
  void write(int cell, float[] from, int offset);

  /** Writes the latent in a cell to {@code to[offset]}. */
  void read(int cell, float[] to, int offset);

  /** Bytes of all cells. */
  long bytes();

  /** Saves the first {@code cells} cells. */
  void save(StateWriter state, int cells);

  /** Restores the first {@code cells} cells. */
  void restore(StateReader state, int cells);
}
