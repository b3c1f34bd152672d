/**
 * The store: originals, pixels, numbered model versions, and a database of what they are, where
 * they come from, and which of them is in production.
 */
@NullMarked
package dev.accrete.production.store;

import org.jspecify.annotations.NullMarked;
