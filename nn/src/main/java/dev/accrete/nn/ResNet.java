package dev.accrete.nn;

import dev.accrete.core.Shape;
import dev.accrete.nn.layer.Activation;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Residual;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The residual networks for small images of He et al., "Deep Residual Learning for Image
 * Recognition", CVPR 2016, section 4.2: a 3x3 convolution, then three stages of n blocks of 16, 32
 * and 64 channels, which makes 6n + 2 layers. Shortcuts that change the shape are normalized 1x1
 * convolutions (the paper's option B; its figures for CIFAR-10 are of option A, which pads with
 * zeros and has no parameters there).
 */
public final class ResNet {
  private static final int SMALLEST_IMAGE = 4;
  private static final int STAGES = 3;
  private static final int FIRST_CHANNELS = 16;

  /** Layers that one more block in each stage adds. */
  private static final int LAYERS_PER_BLOCK = 2 * STAGES;

  private ResNet() {}

  /**
   * The network for RGB images of {@code resolution} x {@code resolution} pixels.
   *
   * @param depth 8, 14, 20, and so on in steps of 6
   * @throws IllegalArgumentException if there is no network of this depth, resolution is below 4 or
   *     classes below 1
   */
  public static Network of(int depth, int classes, int resolution) {
    int blocks = (depth - 2) / LAYERS_PER_BLOCK;
    if (blocks < 1
        || depth != blocks * LAYERS_PER_BLOCK + 2
        || resolution < SMALLEST_IMAGE
        || classes < 1) {
      throw new IllegalArgumentException(
          "resnet needs a depth of 8, 14, 20 and so on in steps of "
              + LAYERS_PER_BLOCK
              + ", a resolution of at least "
              + SMALLEST_IMAGE
              + " and a class, got depth "
              + depth
              + ", resolution "
              + resolution
              + ", classes "
              + classes);
    }
    List<Layer> body = new ArrayList<>();
    body.add(Sequence.normalized(Convolution.of("conv1", FIRST_CHANNELS, 3, 1, 1)));
    int channels = FIRST_CHANNELS;
    for (int stage = 0; stage < STAGES; stage++) {
      int width = FIRST_CHANNELS << stage;
      for (int block = 1; block <= blocks; block++) {
        String name = "conv" + (stage + 2) + "_" + block;
        body.add(block(name, channels, width, width == channels ? 1 : 2));
        channels = width;
      }
    }
    body.add(new GlobalAverage("pool"));
    Shape image = Shape.of(3, resolution, resolution);
    return Network.of("resnet-" + depth, image, body, "head", classes);
  }

  private static Layer block(String name, int channels, int width, int stride) {
    Layer body =
        Sequence.of(
            name + "/body",
            Sequence.normalized(Convolution.of(name + "/a", width, 3, stride, 1)),
            Sequence.linear(Convolution.of(name + "/b", width, 3, 1, 1)));
    Residual sum =
        channels == width
            ? Residual.of(name, body)
            : new Residual(
                name,
                body,
                Sequence.linear(Convolution.of(name + "/shortcut", width, 1, stride, 0)));
    return Sequence.of(name, sum, Activation.relu(name));
  }

  /** Builds it for users who write {@code resnet} or {@code resnet:14}. */
  public static final class Provider implements ModelProvider {
    private static final int DEPTH = 20;

    /** For {@link java.util.ServiceLoader}. */
    public Provider() {}

    @Override
    public String name() {
      return "resnet";
    }

    @Override
    public String usage() {
      return "resnet[:DEPTH]";
    }

    @Override
    public Network create(Optional<String> argument, int imageSize, int classes) {
      return of(ModelProvider.integer(argument, "the depth", DEPTH), classes, imageSize);
    }
  }
}
