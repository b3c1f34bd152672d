package dev.accrete.nn;

/** How normalizations behave while training. */
public enum NormKind {
  /** Batch normalization: the moments of the mini-batch. */
  BATCH,
  /** Batch renormalization: the moments of the mini-batch, corrected towards the moving ones. */
  RENORM,
  /** The moving moments, which stay as they are. */
  FIXED
}
