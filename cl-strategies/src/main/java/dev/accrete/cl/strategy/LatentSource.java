package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;

/** Gives the latents of images. */
@FunctionalInterface
interface LatentSource {
  /** Hands the latent of every image to {@code sink}, in order. Returns the macs spent. */
  long extract(ImageSet set, int[] indices, Evaluator.Sink sink);
}
