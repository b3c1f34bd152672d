/** {@code bench serve}: requests that the server of models answers in a second, and a peer's. */
@NullMarked
package dev.accrete.bench.serve;

import org.jspecify.annotations.NullMarked;
