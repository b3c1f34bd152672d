/** Checks of gradients against finite differences. */
@NullMarked
package dev.accrete.nn.gradient;

import org.jspecify.annotations.NullMarked;
