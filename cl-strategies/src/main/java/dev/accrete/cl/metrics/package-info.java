/**
 * What was kept of a stream and what it cost: accuracies, forgetting, and the two resource
 * accountings that every report shows side by side.
 *
 * <p>Accuracies, forgetting and savings are fractions (0.563, not 56.3%).
 */
@NullMarked
package dev.accrete.cl.metrics;

import org.jspecify.annotations.NullMarked;
