package dev.accrete.cl.strategy;

import dev.accrete.core.Shape;
import java.util.Arrays;

/**
 * Latents in bytes: every channel of every latent is cut into 255 equal steps between its least and
 * its greatest value, so that an error is at most half a step of its own channel. Latents without
 * extents have one range for all features.
 */
final class ByteLatents implements LatentStorage {
  private static final String BYTES = "replay.bytes";
  private static final String RANGES = "replay.ranges";
  private static final int STEPS = 255;

  private final int length;
  private final int channels;
  private final byte[] bytes;

  /** Least value and step of every channel of every latent. */
  private final float[] ranges;

  ByteLatents(int cells, Shape latent) {
    length = latent.size();
    channels = length > latent.dim(0) ? latent.dim(0) : 1;
    bytes = new byte[cells * length];
    ranges = new float[2 * cells * channels];
  }

  @Override
  public void write(int cell, float[] from, int offset) {
    int run = length / channels;
    for (int c = 0; c < channels; c++) {
      int start = offset + c * run;
      float least = from[start];
      float greatest = least;
      for (int i = start; i < start + run; i++) {
        least = Math.min(least, from[i]);
        greatest = Math.max(greatest, from[i]);
      }
      float step = (greatest - least) / STEPS;
      int range = 2 * (cell * channels + c);
      ranges[range] = least;
      ranges[range + 1] = step;
      int to = cell * length + c * run;
      for (int i = 0; i < run; i++) {
        bytes[to + i] = step == 0 ? 0 : (byte) Math.round((from[start + i] - least) / step);
      }
    }
  }

  @Override
  public void read(int cell, float[] to, int offset) {
    int run = length / channels;
    for (int c = 0; c < channels; c++) {
      int range = 2 * (cell * channels + c);
      int from = cell * length + c * run;
      for (int i = 0; i < run; i++) {
        int steps = Byte.toUnsignedInt(bytes[from + i]);
        to[offset + c * run + i] = ranges[range] + steps * ranges[range + 1];
      }
    }
  }

  @Override
  public long bytes() {
    return bytes.length + 4L * ranges.length;
  }

  @Override
  public void save(StateWriter state, int cells) {
    state.put(BYTES, Arrays.copyOf(bytes, cells * length));
    state.put(RANGES, Arrays.copyOf(ranges, 2 * cells * channels));
  }

  @Override
  public void restore(StateReader state, int cells) {
    System.arraycopy(state.bytes(BYTES), 0, bytes, 0, cells * length);
    System.arraycopy(state.floats(RANGES), 0, ranges, 0, 2 * cells * channels);
  }
}
