package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import java.util.Arrays;

/** The centres of up to a fixed number of images, normalized, as the input of a forward pass. */
final class ImageInput {
  private final int miniBatch;
  private final int imageBytes;
  private final int top;
  private final int left;
  private final Value.Input images;
  private final Value.Input augment;
  private final Value normalized;
  private final byte[] batch;

  /** Appends the input to a graph. */
  ImageInput(
      Graph.Builder graph,
      Network network,
      Preprocessing preprocessing,
      int miniBatch,
      int height,
      int width) {
    this.miniBatch = miniBatch;
    imageBytes = network.channels() * height * width;
    top = (height - network.height()) / 2;
    left = (width - network.width()) / 2;
    images = graph.input("images", TensorType.u8(miniBatch, network.channels(), height, width));
    augment = graph.input("augment", TensorType.i32(miniBatch, 3));
    normalized = graph.one(preprocessing.op(network.height(), network.width()), images, augment);
    batch = new byte[miniBatch * imageBytes];
  }

  /** f32 [miniBatch, C, H, W]. */
  Value normalized() {
    return normalized;
  }

  /** Prepares the compiled plan. */
  void prepare(Plan plan) {
    int[] centred = new int[miniBatch * 3];
    for (int i = 0; i < miniBatch; i++) {
      centred[3 * i + 1] = top;
      centred[3 * i + 2] = left;
    }
    plan.write(augment, centred);
  }

  /** Writes {@code rows} images, and zeroes behind them. */
  void write(Plan plan, byte[] pixels, int rows) {
    if (rows < 1 || rows > miniBatch || pixels.length < rows * imageBytes) {
      throw new IllegalArgumentException(
          "rows must be 1 to "
              + miniBatch
              + " with "
              + imageBytes
              + " bytes each, got "
              + rows
              + " rows in "
              + pixels.length
              + " bytes");
    }
    System.arraycopy(pixels, 0, batch, 0, rows * imageBytes);
    Arrays.fill(batch, rows * imageBytes, batch.length, (byte) 0);
    plan.write(images, batch);
  }

  long bytes() {
    return batch.length;
  }
}
