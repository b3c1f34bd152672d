package dev.accrete.cl.strategy;

import dev.accrete.core.Backend;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;

/**
 * What a strategy starts from.
 *
 * @param backend executes everything; stays open when the strategy is closed
 * @param network the architecture; its classes are those of the whole stream
 * @param preprocessing how bytes become network inputs
 * @param initialWeights flat weights of {@code network.parameters()}, usually pre-trained; do not
 *     modify
 * @param initialMoments flat moving moments of {@code network.moments()}; do not modify
 * @param seed decides the order of mini-batches; strategies under one seed see the same order
 * @param experiences number of experiences of the whole stream
 */
@SuppressWarnings("ArrayRecordComponent") // millions of weights; contexts are not compared
public record StrategyContext(
    Backend backend,
    Network network,
    Preprocessing preprocessing,
    float[] initialWeights,
    float[] initialMoments,
    long seed,
    int experiences) {
  /**
   * Checks that the arrays fit the network.
   *
   * @throws IllegalArgumentException if they do not, or there is no experience
   */
  public StrategyContext {
    requireLength("initialWeights", initialWeights.length, network.parameters().size());
    requireLength("initialMoments", initialMoments.length, network.moments().size());
    if (experiences < 1) {
      throw new IllegalArgumentException("experiences is " + experiences + ", must be positive");
    }
  }

  private static void requireLength(String name, int actual, int expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          name + " has " + actual + " elements, the network takes " + expected);
    }
  }
}
