/** Products of packed matrices: the inner loops, and the sizes of the tiles they work on. */
@NullMarked
package dev.accrete.kernels.vector.product;

import org.jspecify.annotations.NullMarked;
