package dev.accrete.nn;

import dev.accrete.core.op.NormalizeImage;
import java.util.Collections;
import java.util.List;

/**
 * How image bytes become floats: {@code (byte - mean) / std} per channel, on the scale 0..255.
 *
 * @param mean one per channel, in the channel order of the images
 * @param std likewise
 */
public record Preprocessing(List<Float> mean, List<Float> std) {
  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != std.size()
        || !std.stream().allMatch(s -> s > 0 && Float.isFinite(s))
        || !mean.stream().allMatch(Float::isFinite)) {
      throw new IllegalArgumentException(
          "preprocessing needs one finite mean and one positive std per channel, got "
              + mean
              + ", "
              + std);
    }
  }

  /** The moments of ImageNet's pixels, red first. */
  public static Preprocessing imageNet() {
    return new Preprocessing(
        List.of(123.675f, 116.28f, 103.53f), List.of(58.395f, 57.12f, 57.375f));
  }

  /**
   * What Caffe's MobileNets were trained with: BGR means 103.94, 116.78, 123.68 and scale 0.017.
   */
  public static Preprocessing caffeMobileNet() {
    float std = 1 / 0.017f;
    return new Preprocessing(List.of(123.68f, 116.78f, 103.94f), List.of(std, std, std));
  }

  /** What BVLC's CaffeNet was trained with: BGR means 104.007, 116.669, 122.679 and scale 1. */
  public static Preprocessing caffeNet() {
    return new Preprocessing(List.of(122.679f, 116.669f, 104.007f), List.of(1f, 1f, 1f));
  }

  /** Images of this many channels, centred and scaled to about [-1, 1]. */
  public static Preprocessing centred(int channels) {
    return new Preprocessing(
        Collections.nCopies(channels, 127.5f), Collections.nCopies(channels, 127.5f));
  }

  /** The number of channels. */
  public int channels() {
    return mean.size();
  }

  NormalizeImage op(int height, int width) {
    return new NormalizeImage(mean, std, height, width);
  }
}
