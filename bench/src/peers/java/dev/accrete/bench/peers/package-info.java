/** Other engines on the same work. Compiled by the Maven profile {@code peers} alone. */
@NullMarked
package dev.accrete.bench.peers;

import org.jspecify.annotations.NullMarked;
