package dev.accrete.kernels.vector.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Tile runners for tests. */
public final class Runners {
  private Runners() {}

  /**
   * Runs tiles on this thread in an order shuffled by {@code seed}, with scratch memory full of
   * NaN.
   */
  public static TileRunner shuffled(long seed) {
    Random random = new Random(seed);
    return new TileRunner() {
      @Override
      public int threads() {
        return 2;
      }

      @Override
      public void run(int tiles, TileBody body) {
        List<Integer> order = new ArrayList<>();
        for (int tile = 0; tile < tiles; tile++) {
          order.add(tile);
        }
        Collections.shuffle(order, random);
        Scratch scratch = new Scratch();
        float[] floats = scratch.floats(1 << 16);
        for (int tile : order) {
          Arrays.fill(floats, Float.NaN);
          body.run(tile, scratch);
        }
      }

      @Override
      public void reserve(int floats) {}
    };
  }
}
