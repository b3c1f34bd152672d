package dev.accrete.nn;

import dev.accrete.core.Shape;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.Dropout;
import dev.accrete.nn.layer.Flatten;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Linear;
import dev.accrete.nn.layer.LocalResponse;
import dev.accrete.nn.layer.Pool;
import dev.accrete.nn.layer.Sequence;
import java.util.List;
import java.util.Optional;

/**
 * CaffeNet as the CORe50 benchmark runs it on 128 x 128 pixels (Lomonaco and Maltoni 2017):
 * AlexNet's convolutions with 2,048 instead of 4,096 units in each hidden layer. Layers and
 * settings are those of {@code confs/sI/mid-caffeNet/inc_train_val.prototxt} in
 * github.com/vlomonaco/core50, but for the head, which has no bias here, and the initial weights
 * (He instead of fixed deviations).
 */
public final class CaffeNet {
  private static final int BENCHMARK_RESOLUTION = 128;
  private static final int SMALLEST_IMAGE = 64;
  private static final int HIDDEN = 2048;
  private static final float DROPOUT = 0.5f;

  private CaffeNet() {}

  /** The network of the benchmark: RGB images of 128 x 128 pixels. */
  public static Network of(int classes) {
    return of(classes, BENCHMARK_RESOLUTION);
  }

  /**
   * The same layers on another size.
   *
   * @throws IllegalArgumentException if resolution is below 64 or classes below 1
   */
  public static Network of(int classes, int resolution) {
    if (resolution < SMALLEST_IMAGE || classes < 1) {
      throw new IllegalArgumentException(
          "caffenet needs a resolution of at least "
              + SMALLEST_IMAGE
              + " and a class, got resolution "
              + resolution
              + ", classes "
              + classes);
    }
    List<Layer> body =
        List.of(
            Sequence.biased(Convolution.of("conv1", 96, 11, 4, 0)),
            Pool.max("pool1", 3, 2, true),
            LocalResponse.caffe("norm1"),
            Sequence.biased(new Convolution("conv2", 256, 5, 1, 2, 2)),
            Pool.max("pool2", 3, 2, true),
            LocalResponse.caffe("norm2"),
            Sequence.biased(Convolution.of("conv3", 384, 3, 1, 1)),
            Sequence.biased(new Convolution("conv4", 384, 3, 1, 1, 2)),
            Sequence.biased(new Convolution("conv5", 256, 3, 1, 1, 2)),
            Pool.max("pool5", 3, 2, true),
            new Flatten("flatten"),
            Sequence.biased(Linear.of("mid_fc6", HIDDEN)),
            new Dropout("drop6", DROPOUT),
            Sequence.biased(Linear.of("mid_fc7", HIDDEN)),
            new Dropout("drop7", DROPOUT));
    Shape image = Shape.of(3, resolution, resolution);
    return Network.of("caffenet", image, body, "mid_fc8", classes);
  }

  /** Builds it for users who write {@code caffenet}. */
  public static final class Provider implements ModelProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Provider() {}

    @Override
    public String name() {
      return "caffenet";
    }

    @Override
    public String usage() {
      return "caffenet";
    }

    @Override
    public Network create(Optional<String> argument, int imageSize, int classes) {
      ModelProvider.noArgument(argument);
      return of(classes, imageSize);
    }
  }
}
