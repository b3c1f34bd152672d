package dev.accrete.nn;

/**
 * Which layers of a network describe an image, chosen by their depth; see {@link
 * LayerMoments#of(Network, LayerSet)}.
 */
public enum LayerSet {
  /** Means and deviations of the lower layers, means of some upper ones. */
  S,
  /** The same with the deviations of two more layers. */
  M,
  /** What the head reads, and nothing else. */
  LAST
}
