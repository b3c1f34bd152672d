package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.nn.LatentBank;

/** Gives the latents of images. */
@FunctionalInterface
interface LatentSource {
  /**
   * Puts the latent of image {@code indices[i]} into cell {@code cells[i]}. Returns the macs spent.
   */
  long extract(ImageSet set, int[] indices, LatentBank to, int[] cells);
}
