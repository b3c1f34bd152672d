/** Continual learning: data, scenarios, strategies, metrics and the run loop. */
@NullMarked
package dev.accrete.cl;

import org.jspecify.annotations.NullMarked;
