package dev.accrete.nn;

/**
 * What a network has learned: its parameters and the moving moments of its normalizations, in the
 * layouts of {@link Network#parameters()} and {@link Network#moments()}. The arrays are the
 * caller's to use.
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of two flat buffers, never compared.
public record Weights(float[] parameters, float[] moments) {
  /** New weights; see {@link Network#initialWeights}. */
  public static Weights initial(Network network, long seed) {
    return new Weights(network.initialWeights(seed), network.initialMoments());
  }

  /** A copy of what a learner knows now. */
  public static Weights of(Learner learner) {
    return new Weights(
        learner.snapshot(learner.variables().weights()),
        learner.snapshot(learner.variables().moments()));
  }
}
