/**
 * One specification per op, for four uses: parity with the reference backend, gradient checks, the
 * table of what each backend supports, and benchmarks.
 */
@NullMarked
package dev.accrete.kernels.spec;

import org.jspecify.annotations.NullMarked;
