package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageRows;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.nn.Cut;
import dev.accrete.nn.LatentBank;
import dev.accrete.nn.LatentCopy;
import dev.accrete.nn.LatentExtraction;
import dev.accrete.nn.Learner;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Runs the lower part of a learner's network over any number of images. */
final class LatentExtractor {
  private final Learner learner;
  private final LatentExtraction extraction;
  private final ImageRows images;

  /** Compiles the lower part for mini-batches of {@code miniBatch} images. */
  LatentExtractor(Learner learner, Cut cut, int miniBatch) {
    this.learner = learner;
    extraction = learner.compileLatentExtraction(cut, miniBatch);
    images =
        new ImageRows(
            miniBatch,
            cut.network().channels(),
            cut.network().height(),
            cut.network().width());
  }

  /**
   * Puts the latent of image {@code indices[i]} into cell {@code cells[i]}, where the backend
   * computes. Returns the macs spent.
   */
  long extract(ImageSet set, int[] indices, LatentBank to, int[] cells) {
    int miniBatch = extraction.miniBatch();
    try (LatentCopy copy = learner.compileLatentCopy(extraction.latents(), to)) {
      for (int from = 0; from < indices.length; from += miniBatch) {
        int rows = Math.min(miniBatch, indices.length - from);
        images.read(set, indices, from, rows);
        extraction.run(images.pixels(), rows);
        copy.run(IntStream.range(0, rows).toArray(), Arrays.copyOfRange(cells, from, from + rows));
      }
    }
    long runs = Math.ceilDiv(indices.length, miniBatch);
    return runs * miniBatch * extraction.macsPerImage();
  }
}
