/**
 * Ways to learn from a stream. A {@link dev.accrete.cl.strategy.StrategyProvider} names one and
 * makes it; most are a {@link dev.accrete.cl.strategy.Composition} of parts, as {@link
 * dev.accrete.cl.strategy.Ar1Star} shows; {@link dev.accrete.cl.strategy.Strategies} finds them.
 */
@NullMarked
package dev.accrete.cl.strategy;

import org.jspecify.annotations.NullMarked;
