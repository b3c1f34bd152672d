/** Convolutions of stride 1 by Winograd's minimal filtering. */
@NullMarked
package dev.accrete.kernels.vector.winograd;

import org.jspecify.annotations.NullMarked;
