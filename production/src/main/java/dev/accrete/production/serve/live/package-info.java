/** Models that answer: batches, swaps, shadows and canaries. Knows nothing of HTTP. */
@NullMarked
package dev.accrete.production.serve.live;

import org.jspecify.annotations.NullMarked;
