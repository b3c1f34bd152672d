package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;
import static dev.accrete.kernels.vector.Lanes.SPECIES;
import static dev.accrete.kernels.vector.Lanes.WIDTH;

import dev.accrete.core.TensorType;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@code map(base)}: a tensor, or a normalized activation that lies nowhere itself. */
record Mapped(Operand base, ChannelAffine map) implements Source {
  /** Stands where no kernel has run yet. */
  static final Mapped NOTHING = plain(Operand.planned(TensorType.f32(), Layout.CANONICAL));

  /** A tensor as it is. */
  static Mapped plain(Operand base) {
    return new Mapped(base, ChannelAffine.IDENTITY);
  }

  @Override
  public boolean isPlain() {
    return map.isIdentity();
  }

  @Override
  public List<Operand> operands() {
    return List.of(base);
  }

  @Override
  public float value(int at, int channel) {
    float value = base.floats[base.offset + at];
    if (map.isIdentity()) {
      return value;
    }
    float mapped = Math.fma(map.scale[channel], value, map.shift[channel]);
    return map.relu && mapped < 0f ? 0f : mapped;
  }

  @Override
  public void copy(int at, float[] to, int to0, int positions, int channel) {
    int from = base.offset + at;
    if (map.isIdentity()) {
      System.arraycopy(base.floats, from, to, to0, positions * BLOCK);
    } else if (map.relu) {
      copyRelu(base.floats, from, to, to0, positions, map.scale, map.shift, channel);
    } else {
      copyAffine(base.floats, from, to, to0, positions, map.scale, map.shift, channel);
    }
  }

  private static void copyAffine(
      float[] from,
      int from0,
      float[] to,
      int to0,
      int positions,
      float[] scale,
      float[] shift,
      int channel) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector a = FloatVector.fromArray(SPECIES, scale, channel + lane);
      FloatVector b = FloatVector.fromArray(SPECIES, shift, channel + lane);
      for (int i = 0; i < positions; i++) {
        FloatVector x = FloatVector.fromArray(SPECIES, from, from0 + lane + i * BLOCK);
        x.fma(a, b).intoArray(to, to0 + lane + i * BLOCK);
      }
    }
  }

  private static void copyRelu(
      float[] from,
      int from0,
      float[] to,
      int to0,
      int positions,
      float[] scale,
      float[] shift,
      int channel) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector a = FloatVector.fromArray(SPECIES, scale, channel + lane);
      FloatVector b = FloatVector.fromArray(SPECIES, shift, channel + lane);
      for (int i = 0; i < positions; i++) {
        FloatVector x = FloatVector.fromArray(SPECIES, from, from0 + lane + i * BLOCK).fma(a, b);
        // A comparison instead of max: max has to order NaN and signed zeros, five instructions.
        VectorMask<Float> negative = x.compare(VectorOperators.LT, zero);
        x.blend(zero, negative).intoArray(to, to0 + lane + i * BLOCK);
      }
    }
  }
}
