package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Setting;
import dev.accrete.nn.Cut;
import dev.accrete.nn.Network;
import java.util.List;

/**
 * The memory of latent replay.
 *
 * @param layer the layer whose activations are kept; {@link #AUTO} for the published one where the
 *     network has it, else the layer in the middle
 * @param memory latents kept at most
 * @param storage how a latent is kept
 */
public record ReplaySettings(
    @Setting("layer whose activations are kept, or auto") String layer,
    @Setting(value = "latents kept at most", min = 0) int memory,
    @Setting("how a latent is kept") Storage storage) {
  /** Lets the network decide. */
  public static final String AUTO = "auto";

  /**
   * The published layer that costs little accuracy and most of the computation below it:
   * conv5_4/dw, the 20th convolution of MobileNetV1 (72.2% against 77.3% for replay of images).
   */
  public static final String PUBLISHED_LAYER = "conv5_4/dw";

  /** 1,500 latents of the published layer in single precision. */
  public static final ReplaySettings PUBLISHED = new ReplaySettings(AUTO, 1500, Storage.FP32);

  /** How a latent is kept. */
  public enum Storage {
    /** Single precision. */
    FP32,
    /** Bytes, with the least and the greatest value of every channel. */
    U8
  }

  /** These settings with another layer. */
  public ReplaySettings withLayer(String name) {
    return new ReplaySettings(name, memory, storage);
  }

  /** These settings with room for another number of latents. */
  public ReplaySettings withMemory(int latents) {
    return new ReplaySettings(layer, latents, storage);
  }

  /** These settings with another storage. */
  public ReplaySettings withStorage(Storage other) {
    return new ReplaySettings(layer, memory, other);
  }

  /**
   * The network cut after the layer.
   *
   * @throws IllegalArgumentException if it has no such layer below its head, naming those it has
   */
  public Cut cut(Network network) {
    if (!layer.equals(AUTO)) {
      return network.cutAfter(layer);
    }
    List<String> names = network.layerNames();
    return network.cutAfter(
        names.contains(PUBLISHED_LAYER) ? PUBLISHED_LAYER : names.get((names.size() - 2) / 2));
  }
}
