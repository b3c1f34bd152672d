package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.nn.Cut;
import dev.accrete.nn.LatentExtraction;
import dev.accrete.nn.Learner;

/** Runs the lower part of a learner's network over any number of images. */
final class LatentExtractor implements LatentSource {
  private final Cut cut;
  private final LatentExtraction extraction;
  private final byte[] images;
  private final float[] latents;

  /** Compiles the lower part for mini-batches of {@code miniBatch} images. */
  LatentExtractor(Learner learner, Cut cut, int miniBatch) {
    this.cut = cut;
    extraction = learner.compileLatentExtraction(cut, miniBatch);
    images =
        new byte
            [miniBatch * cut.network().channels() * cut.network().height() * cut.network().width()];
    latents = new float[miniBatch * cut.latent().size()];
  }

  @Override
  public long extract(ImageSet set, int[] indices, Evaluator.Sink sink) {
    int miniBatch = extraction.miniBatch();
    int imageBytes = images.length / miniBatch;
    for (int from = 0; from < indices.length; from += miniBatch) {
      int rows = Math.min(miniBatch, indices.length - from);
      for (int row = 0; row < rows; row++) {
        set.read(indices[from + row], images, row * imageBytes);
      }
      extraction.run(images, rows, latents);
      for (int row = 0; row < rows; row++) {
        sink.accept(from + row, latents, row * cut.latent().size());
      }
    }
    long runs = Math.ceilDiv(indices.length, miniBatch);
    return runs * miniBatch * extraction.macsPerImage();
  }
}
