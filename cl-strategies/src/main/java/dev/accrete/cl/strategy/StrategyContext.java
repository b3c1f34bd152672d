package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Weights;
import java.util.function.IntFunction;

/**
 * What a strategy starts from.
 *
 * @param backend executes everything; stays open when the strategy is closed
 * @param network the architecture; its classes are those known so far, and may be more in a later
 *     object that takes over the state of this one
 * @param preprocessing how bytes become network inputs
 * @param initial weights and moments to start from, usually pre-trained; do not modify
 * @param seed decides the order of mini-batches; strategies under one seed see the same order
 * @param history gives the images of an earlier experience again, by its index: strategies that keep
 *     images ask it when they are restored
 */
public record StrategyContext(
    Backend backend,
    Network network,
    Preprocessing preprocessing,
    Weights initial,
    long seed,
    IntFunction<ImageSet> history) {
  /**
   * Checks that the weights fit the network.
   *
   * @throws IllegalArgumentException if they do not
   */
  public StrategyContext {
    requireLength("parameters", initial.parameters().length, network.parameters().size());
    requireLength("moments", initial.moments().length, network.moments().size());
  }

  /** A context without a history: a strategy that keeps images cannot be restored in it. */
  public StrategyContext(
      Backend backend, Network network, Preprocessing preprocessing, Weights initial, long seed) {
    this(
        backend,
        network,
        preprocessing,
        initial,
        seed,
        index -> {
          throw new AccreteException(
              "the images of experience "
                  + (index + 1)
                  + " are asked for again, and nobody kept them: give the context a history");
        });
  }

  private static void requireLength(String name, int actual, int expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          "initial " + name + " have " + actual + " elements, the network takes " + expected);
    }
  }
}
