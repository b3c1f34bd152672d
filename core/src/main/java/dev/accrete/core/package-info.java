/** Tensors, the op IR, graphs, autodiff, the flat parameter store, and the backend interface. */
@NullMarked
package dev.accrete.core;

import org.jspecify.annotations.NullMarked;
