/** Benchmarks, and other engines on the same work. */
@NullMarked
package dev.accrete.bench;

import org.jspecify.annotations.NullMarked;
