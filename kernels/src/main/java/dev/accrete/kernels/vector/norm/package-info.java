/**
 * Normalizations and their gradients, with the sums per channel that other kernels add up for them.
 */
@NullMarked
package dev.accrete.kernels.vector.norm;

import org.jspecify.annotations.NullMarked;
