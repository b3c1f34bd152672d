/**
 * The order in which a stream of images is learned: NICv2 with its official CORe50 schedules, new
 * classes (NC), new instances (NI), and NICv2-like streams over any labelled image set.
 *
 * <p>{@link dev.accrete.cl.scenario.Scenarios#parse} turns a name such as {@code nicv2-391} into a
 * {@link dev.accrete.cl.scenario.ScenarioSpec}; the spec meets data and becomes a {@link
 * dev.accrete.cl.scenario.Scenario}: a list of {@link dev.accrete.cl.scenario.Batch}s and a
 * test set.
 */
@NullMarked
package dev.accrete.cl.scenario;

import org.jspecify.annotations.NullMarked;
