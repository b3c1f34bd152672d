package dev.accrete.kernels.vector.tensor;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import dev.accrete.core.TensorType;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@code map(base)}: a tensor, or a normalized activation that lies nowhere itself. */
public record Mapped(Operand base, ChannelAffine map) implements Source {
  /** Stands where no kernel has run yet. */
  public static final Mapped NOTHING = plain(Operand.planned(TensorType.f32(), Layout.CANONICAL));

  /** A tensor as it is. */
  public static Mapped plain(Operand base) {
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
  public void copyLines(
      int at, int atStep, float[] to, int to0, int toStep, int lines, int positions, int channel) {
    int from = base.offset + at;
    if (map.isIdentity()) {
      Blocks.copyLines(base.floats, from, atStep, to, to0, toStep, lines, positions);
      return;
    }
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      int first = from + lane;
      int result = to0 + lane;
      if (map.relu) {
        mapRelu(first, atStep, to, result, toStep, lines, positions, channel + lane);
      } else {
        mapAll(first, atStep, to, result, toStep, lines, positions, channel + lane);
      }
    }
  }

  private void mapAll(
      int from,
      int fromStep,
      float[] to,
      int to0,
      int toStep,
      int lines,
      int positions,
      int channel) {
    float[] floats = base.floats;
    FloatVector scale = FloatVector.fromArray(SPECIES, map.scale, channel);
    FloatVector shift = FloatVector.fromArray(SPECIES, map.shift, channel);
    for (int line = 0; line < lines; line++) {
      int source = from + line * fromStep;
      int result = to0 + line * toStep;
      for (int i = 0; i < positions; i++) {
        FloatVector x = FloatVector.fromArray(SPECIES, floats, source + i * BLOCK);
        x.fma(scale, shift).intoArray(to, result + i * BLOCK);
      }
    }
  }

  private void mapRelu(
      int from,
      int fromStep,
      float[] to,
      int to0,
      int toStep,
      int lines,
      int positions,
      int channel) {
    float[] floats = base.floats;
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector scale = FloatVector.fromArray(SPECIES, map.scale, channel);
    FloatVector shift = FloatVector.fromArray(SPECIES, map.shift, channel);
    for (int line = 0; line < lines; line++) {
      int source = from + line * fromStep;
      int result = to0 + line * toStep;
      for (int i = 0; i < positions; i++) {
        FloatVector x = FloatVector.fromArray(SPECIES, floats, source + i * BLOCK);
        FloatVector y = x.fma(scale, shift);
        // A comparison instead of max: max has to order NaN and signed zeros, five instructions.
        VectorMask<Float> negative = y.compare(VectorOperators.LT, zero);
        y.blend(zero, negative).intoArray(to, result + i * BLOCK);
      }
    }
  }
}
