/** Finds the other engines, and says how to get those that are missing. */
@NullMarked
package dev.accrete.bench.peer;

import org.jspecify.annotations.NullMarked;
