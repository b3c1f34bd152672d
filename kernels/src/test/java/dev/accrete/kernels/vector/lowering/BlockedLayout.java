package dev.accrete.kernels.vector.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.kernels.vector.tensor.Blocks;
import java.util.Arrays;

/** Conversion between canonical and blocked activations, element by element, for tests. */
record BlockedLayout(int images, int channels, int positions, boolean planar) {
  int canonicalSize() {
    return images * channels * positions;
  }

  int size() {
    return planar ? canonicalSize() : images * Blocks.count(channels) * 16 * positions;
  }

  private int index(int n, int c, int position) {
    return planar
        ? (n * channels + c) * positions + position
        : ((n * Blocks.count(channels) + c / 16) * positions + position) * 16 + c % 16;
  }

  /** Stores canonical values, padding lanes 0. */
  void store(float[] canonical, float[] to, int to0) {
    Arrays.fill(to, to0, to0 + size(), 0f);
    for (int i = 0; i < canonical.length; i++) {
      int plane = i / positions;
      to[to0 + index(plane / channels, plane % channels, i % positions)] = canonical[i];
    }
  }

  /** Loads canonical values and checks that padding lanes are 0. */
  float[] load(float[] from, int from0) {
    int lanes = planar ? channels : Blocks.count(channels) * 16;
    float[] canonical = new float[canonicalSize()];
    for (int i = 0; i < images * lanes * positions; i++) {
      int plane = i / positions;
      int c = plane % lanes;
      float value = from[from0 + index(plane / lanes, c, i % positions)];
      if (c < channels) {
        canonical[(plane / lanes * channels + c) * positions + i % positions] = value;
      } else {
        assertThat(value).as("padding lane %s", c).isZero();
      }
    }
    return canonical;
  }
}
