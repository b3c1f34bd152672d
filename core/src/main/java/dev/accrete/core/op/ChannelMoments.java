package dev.accrete.core.op;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Mean and standard deviation of every plane, the deviation of all its elements and not of a sample
 * (divided by H * W). Input: x [N, C, H, W]. Results: mean [N, C], deviation [N, C]. It has no
 * gradient: it describes layers that are not trained.
 */
public record ChannelMoments() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 1);
    Shape x = Operands.ranked(this, inputs, 0, "x", 4);
    TensorType moment = TensorType.f32(x.dim(0), x.dim(1));
    return List.of(moment, moment);
  }

  /** One for the mean and one for the square of every element. */
  @Override
  public long macs(List<TensorType> inputs) {
    return 2L * inputs.getFirst().shape().size();
  }
}
