/** What every convolution is to its callers, and convolutions as products of patches. */
@NullMarked
package dev.accrete.kernels.vector.convolution;

import org.jspecify.annotations.NullMarked;
