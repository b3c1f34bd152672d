/** Symmetric matrices in double precision: updates, factors, solutions. */
@NullMarked
package dev.accrete.kernels.vector.symmetric;

import org.jspecify.annotations.NullMarked;
