/** What the server counts, for Prometheus. */
@NullMarked
package dev.accrete.production.serve.metrics;

import org.jspecify.annotations.NullMarked;
