/**
 * Learning without an end: {@link dev.accrete.cl.learner.ContinualLearner} takes labelled images
 * day by day, knows classes by name, grows when a new one comes, and gives a model at any moment.
 */
@NullMarked
package dev.accrete.cl.learner;

import org.jspecify.annotations.NullMarked;
