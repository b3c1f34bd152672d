/** Convolutions of every channel alone. */
@NullMarked
package dev.accrete.kernels.vector.depthwise;

import org.jspecify.annotations.NullMarked;
