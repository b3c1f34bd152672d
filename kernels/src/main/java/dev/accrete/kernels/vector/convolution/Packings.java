package dev.accrete.kernels.vector.convolution;

import java.util.HashMap;
import java.util.Map;

/**
 * The packed forms of one weight that the convolutions of several plans may share: threads that
 * multiply by the same weight at about the same time then find one copy of it in the cache they
 * share.
 */
public final class Packings {
  private final Map<ConvGeometry, Packing> packings = new HashMap<>();

  /** Both packed forms of a weight. */
  record Packing(PackedWeights forward, PackedWeights backward) {}

  /** The forms for a convolution of these extents, whose patches are {@code patches}. */
  Packing of(ConvGeometry geometry, PatchMatrix patches) {
    return packings.computeIfAbsent(
        geometry,
        unseen ->
            new Packing(
                new PackedWeights(geometry, patches, false),
                new PackedWeights(geometry, patches, true)));
  }
}
