package dev.accrete.kernels.vector.norm;

import dev.accrete.kernels.vector.tensor.Blocks;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.Source;
import java.util.List;
import java.util.stream.Stream;

/**
 * The gradient of a normalization that the input gradient of a convolution writes to memory, tile
 * by tile just before it loads it, for the sake of the weight gradient; usually in place of dy.
 */
public record StoredGradient(NormGradient gradient, Operand base) implements Source {
  @Override
  public boolean isReady() {
    return false;
  }

  @Override
  public void prepare(int at, int positions, int channel) {
    gradient.copy(at, base.floats, base.offset + at, positions, channel);
  }

  @Override
  public void copyLines(
      int at, int atStep, float[] to, int to0, int toStep, int lines, int positions, int channel) {
    Blocks.copyLines(base.floats, base.offset + at, atStep, to, to0, toStep, lines, positions);
  }

  @Override
  public float value(int at, int channel) {
    return base.floats[base.offset + at];
  }

  @Override
  public boolean isPlain() {
    return true;
  }

  @Override
  public List<Operand> operands() {
    return Stream.concat(gradient.operands().stream(), Stream.of(base)).toList();
  }
}
