/** From a graph to instructions: which kernel, which layout, and what fuses. */
@NullMarked
package dev.accrete.kernels.vector.lowering;

import org.jspecify.annotations.NullMarked;
