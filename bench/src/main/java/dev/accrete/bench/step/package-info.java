/** One training step, timed in processes of its own, next to other engines on the same work. */
@NullMarked
package dev.accrete.bench.step;

import org.jspecify.annotations.NullMarked;
