/** Layers, models, losses, optimizers and weight files. */
@NullMarked
package dev.accrete.nn;

import org.jspecify.annotations.NullMarked;
