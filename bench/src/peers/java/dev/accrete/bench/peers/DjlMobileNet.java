package dev.accrete.bench.peers;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import dev.accrete.bench.work.Workload;

/** MobileNetV1 of DJL's blocks, for where no TorchScript file can be made. */
final class DjlMobileNet {
  private static final int FEWEST_CHANNELS = 8;

  /** Channels at width 1 and stride of each pair of a depthwise and a pointwise convolution. */
  private static final int[][] PAIRS = {
    {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1},
    {512, 1}, {512, 1}, {1024, 2}, {1024, 1}
  };

  private DjlMobileNet() {}

  static SequentialBlock block(double width) {
    SequentialBlock network = new SequentialBlock();
    int channels = scaled(32, width);
    convolution(network, channels, 3, 2, 1);
    for (int[] pair : PAIRS) {
      convolution(network, channels, 3, pair[1], channels);
      channels = scaled(pair[0], width);
      convolution(network, channels, 1, 1, 1);
    }
    network.add(Pool.globalAvgPool2dBlock());
    network.add(Linear.builder().setUnits(Workload.CLASSES).optBias(false).build());
    return network;
  }

  private static int scaled(int channels, double width) {
    return Math.max(FEWEST_CHANNELS, (int) Math.round(channels * width));
  }

  private static void convolution(
      SequentialBlock network, int filters, int kernel, int stride, int groups) {
    network.add(
        Conv2d.builder()
            .setKernelShape(new Shape(kernel, kernel))
            .setFilters(filters)
            .optStride(new Shape(stride, stride))
            .optPadding(new Shape(kernel / 2, kernel / 2))
            .optGroups(groups)
            .optBias(false)
            .build());
    network.add(BatchNorm.builder().optEpsilon(1e-5f).optMomentum(0.9f).build());
    network.add(Activation.reluBlock());
  }
}
