/**
 * A model in production: images come in every day, a model goes out every day, gated, reversible,
 * served and corrected.
 */
@NullMarked
package dev.accrete.production;

import org.jspecify.annotations.NullMarked;
