/** Kernels of the ops that need no room of their own. */
@NullMarked
package dev.accrete.kernels.vector.op;

import org.jspecify.annotations.NullMarked;
