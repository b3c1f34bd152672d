package dev.accrete.nn;

import dev.accrete.core.Shape;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Sequence;
import java.util.List;
import java.util.Optional;

/**
 * Three normalized convolutions of 16, 32 and 64 channels and a global average: for trying things.
 */
public final class SmallCnn {
  private SmallCnn() {}

  /**
   * The network for RGB images of {@code resolution} x {@code resolution} pixels.
   *
   * @throws IllegalArgumentException if an argument is below 1
   */
  public static Network of(int classes, int resolution) {
    List<Layer> body =
        List.of(
            Sequence.normalized(Convolution.of("conv1", 16, 3, 1, 1)),
            Sequence.normalized(Convolution.of("conv2", 32, 3, 2, 1)),
            Sequence.normalized(Convolution.of("conv3", 64, 3, 2, 1)),
            new GlobalAverage("pool"));
    Shape image = Shape.of(3, resolution, resolution);
    return Network.of("small-cnn", image, body, "head", classes);
  }

  /** Builds it for users who write {@code small-cnn}. */
  public static final class Provider implements ModelProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Provider() {}

    @Override
    public String name() {
      return "small-cnn";
    }

    @Override
    public String usage() {
      return "small-cnn";
    }

    @Override
    public Network create(Optional<String> argument, int imageSize, int classes) {
      ModelProvider.noArgument(argument);
      return of(classes, imageSize);
    }
  }
}
