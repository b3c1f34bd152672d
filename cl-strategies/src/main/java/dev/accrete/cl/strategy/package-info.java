/**
 * Ways to learn from a stream: {@code ar1-star} and its control {@code ar1-star-bn}, {@code
 * ar1-free}, {@code cwr-star}, {@code naive}, {@code cumulative} and {@code slda}. {@link
 * dev.accrete.cl.strategy.Strategies} makes them by name, {@link
 * dev.accrete.cl.strategy.Hyperparameters} says how they train, and {@link
 * dev.accrete.cl.strategy.Strategy} is all the run loop knows of them.
 *
 * <h2>How to add a strategy</h2>
 *
 * <ol>
 *   <li>Extend {@code SequentialStrategy}: it owns the learner, predicts with the classes seen, and
 *       checks that experiences come in order.
 *   <li>In {@code train}, make {@code LabelledImages} of the experience (that checks labels and
 *       image size), then train with {@code NetworkTrainer}, or on latents with {@code
 *       LatentTrainer}; a {@code Recipe} says by role what is frozen. Add what you execute and hold
 *       to {@code Work}.
 *   <li>Draw random numbers from streams of (seed, experience, epoch), as {@code MiniBatches} does,
 *       so that a resumed run needs no generator.
 *   <li>Name in {@code stateVariables} every variable that a later experience reads, and save and
 *       restore the arrays of your own; momentum is not among them, for the solver starts anew with
 *       every experience.
 *   <li>Give it a name and defaults in {@code Strategies}. Tests that run for every name (resume
 *       bit for bit, bad labels, unseen classes, order of experiences) then cover it.
 * </ol>
 */
@NullMarked
package dev.accrete.cl.strategy;

import org.jspecify.annotations.NullMarked;
