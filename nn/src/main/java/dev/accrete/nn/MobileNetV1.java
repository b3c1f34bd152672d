package dev.accrete.nn;

import dev.accrete.core.Shape;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * MobileNetV1 (Howard et al. 2017): a strided convolution, then thirteen pairs of a depthwise and a
 * pointwise convolution, each followed by a normalization and a ReLU. Layers carry the names of the
 * Caffe model that AR1* was published with.
 */
public final class MobileNetV1 {
  private static final int SMALLEST_IMAGE = 8;
  private static final int FEWEST_CHANNELS = 8;
  private static final int FIRST_CHANNELS = 32;

  /** A pair's name, the stride of its depthwise half and the channels of its pointwise half. */
  private record Pair(String name, int stride, int channels) {}

  private static final List<Pair> PAIRS =
      List.of(
          new Pair("conv2_1", 1, 64),
          new Pair("conv2_2", 2, 128),
          new Pair("conv3_1", 1, 128),
          new Pair("conv3_2", 2, 256),
          new Pair("conv4_1", 1, 256),
          new Pair("conv4_2", 2, 512),
          new Pair("conv5_1", 1, 512),
          new Pair("conv5_2", 1, 512),
          new Pair("conv5_3", 1, 512),
          new Pair("conv5_4", 1, 512),
          new Pair("conv5_5", 1, 512),
          new Pair("conv5_6", 2, 1024),
          new Pair("conv6", 1, 1024));

  private MobileNetV1() {}

  /**
   * The network for RGB images of {@code resolution} x {@code resolution} pixels.
   *
   * @param width multiplies the channels of every layer, for example 0.5
   * @throws IllegalArgumentException if width is not in (0, 4], resolution below 8 or classes below
   *     1
   */
  public static Network of(double width, int classes, int resolution) {
    if (!(width > 0 && width <= 4) || resolution < SMALLEST_IMAGE || classes < 1) {
      throw new IllegalArgumentException(
          "mobilenet-v1 needs a width in (0, 4], a resolution of at least "
              + SMALLEST_IMAGE
              + " and a class, got width "
              + width
              + ", resolution "
              + resolution
              + ", classes "
              + classes);
    }
    List<Layer> body = new ArrayList<>();
    int channels = scaled(FIRST_CHANNELS, width);
    body.add(Sequence.normalized(Convolution.of("conv1", channels, 3, 2, 1)));
    for (Pair pair : PAIRS) {
      Convolution spatial = Convolution.depthwise(pair.name() + "/dw", channels, pair.stride());
      channels = scaled(pair.channels(), width);
      Convolution mixing = Convolution.pointwise(pair.name() + "/sep", channels);
      body.add(Sequence.normalized(spatial));
      body.add(Sequence.normalized(mixing));
    }
    body.add(new GlobalAverage("pool6"));
    return Network.of(
        "mobilenet-v1-" + width, Shape.of(3, resolution, resolution), body, "fc7", classes);
  }

  private static int scaled(int channels, double width) {
    return Math.max(FEWEST_CHANNELS, (int) Math.round(channels * width));
  }

  /** Builds it for users who write {@code mobilenet-v1[:WIDTH]}. */
  public static final class Provider implements ModelProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Provider() {}

    @Override
    public String name() {
      return "mobilenet-v1";
    }

    @Override
    public String usage() {
      return "mobilenet-v1[:WIDTH]";
    }

    @Override
    public Network create(Optional<String> argument, int imageSize, int classes) {
      return of(ModelProvider.number(argument, "the width", 1), classes, imageSize);
    }
  }
}
