package dev.accrete.nn;

import dev.accrete.core.Parameters;
import java.util.Objects;

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

  /**
   * Zeros but for the head, which is that of {@link #initial}: for a body that is read from
   * somewhere, whose numbers need not be drawn first.
   */
  public static Weights initialHead(Network network, long seed) {
    return new Weights(
        Initializers.head(network.parameters(), seed), new float[network.moments().size()]);
  }

  /** A copy of what a learner knows now. */
  public static Weights of(Learner learner) {
    return new Weights(
        learner.snapshot(learner.variables().weights()),
        learner.snapshot(learner.variables().moments()));
  }

  /**
   * These weights with a head of some of its rows: how a strategy's network, which may have rows
   * for classes not seen yet, becomes a {@link Model}.
   *
   * @param network whose layout these weights have
   * @param rows the rows of the new head, in order
   * @throws IllegalArgumentException if the network's head is not its last parameter, or there is
   *     no row
   * @throws IndexOutOfBoundsException if the head has no such row
   */
  public Weights withHeadRows(Network network, int... rows) {
    Parameters.Parameter head = network.head();
    if (rows.length == 0 || !network.parameters().all().getLast().equals(head)) {
      throw new IllegalArgumentException(
          "a head of " + rows.length + " rows cannot be taken from " + network.name());
    }
    int length = network.featureSize();
    int size = Math.multiplyExact(rows.length, length);
    int end = head.offset() + Math.ceilDiv(size, Parameters.ALIGNMENT) * Parameters.ALIGNMENT;
    float[] selected = new float[end];
    System.arraycopy(parameters, 0, selected, 0, head.offset());
    for (int k = 0; k < rows.length; k++) {
      int row = Objects.checkIndex(rows[k], network.classes());
      System.arraycopy(
          parameters, head.offset() + row * length, selected, head.offset() + k * length, length);
    }
    return new Weights(selected, moments.clone());
  }
}
