/** Backends: everything that can execute a graph. */
@NullMarked
package dev.accrete.kernels;

import org.jspecify.annotations.NullMarked;
