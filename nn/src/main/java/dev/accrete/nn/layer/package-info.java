/** Layers: small immutable builders of ops. */
@NullMarked
package dev.accrete.nn.layer;

import org.jspecify.annotations.NullMarked;
