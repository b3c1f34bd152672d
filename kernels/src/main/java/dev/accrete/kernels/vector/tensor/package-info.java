/**
 * Where the elements of values lie, in vectors of which width, and what a kernel loads and leaves
 * behind beside its result.
 */
@NullMarked
package dev.accrete.kernels.vector.tensor;

import org.jspecify.annotations.NullMarked;
