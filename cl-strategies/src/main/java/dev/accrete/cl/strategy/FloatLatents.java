package dev.accrete.cl.strategy;

import dev.accrete.core.Shape;
import java.util.Arrays;

/** Latents in single precision. */
final class FloatLatents implements LatentStorage {
  private static final String VALUES = "replay.values";

  private final int length;
  private final float[] values;

  FloatLatents(int cells, Shape latent) {
    length = latent.size();
    values = new float[cells * length];
  }

  @Override
  public void write(int cell, float[] from, int offset) {
    System.arraycopy(from, offset, values, cell * length, length);
  }

  @Override
  public void read(int cell, float[] to, int offset) {
    System.arraycopy(values, cell * length, to, offset, length);
  }

  @Override
  public long bytes() {
    return 4L * values.length;
  }

  @Override
  public void save(StateWriter state, int cells) {
    state.put(VALUES, Arrays.copyOf(values, cells * length));
  }

  @Override
  public void restore(StateReader state, int cells) {
    System.arraycopy(state.floats(VALUES), 0, values, 0, cells * length);
  }
}
