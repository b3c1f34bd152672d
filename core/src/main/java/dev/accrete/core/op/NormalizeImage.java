package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Image bytes to normalized floats, with an optional flip and shifted crop per image.
 *
 * <p>Inputs: images u8[N, C, H, W], augment i32[N, 3] = (flip, top, left). Result: y [N, C, height,
 * width] with {@code y[c][i][j] = (image[c][i + top][j'] - mean[c]) / std[c]}, {@code j' = j +
 * left}, or {@code W - 1 - (j + left)} if flip is not 0. A pixel outside the image counts as the
 * mean: 0. Mean and standard deviation are per channel, on the scale of bytes (0..255).
 */
public record NormalizeImage(List<Float> mean, List<Float> std, int height, int width)
    implements Op {
  public NormalizeImage {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    Operands.require(
        mean.size() == std.size() && std.stream().allMatch(s -> s > 0),
        "NormalizeImage: one mean and one positive std per channel, got " + mean + ", " + std);
  }

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Operands.count(this, inputs, 2);
    Shape images = Operands.typed(this, inputs, 0, "images", DType.U8);
    Operands.require(
        images.rank() == 4 && images.dim(1) == mean.size(),
        "NormalizeImage: images must be N x " + mean.size() + " x H x W, are " + images);
    Shape augment = Operands.typed(this, inputs, 1, "augment", DType.I32);
    Operands.shape(this, "augment", augment, Shape.of(images.dim(0), 3));
    return List.of(TensorType.f32(images.dim(0), images.dim(1), height, width));
  }
}
