/**
 * What the server answers: ours under {@code /v1}, the Open Inference Protocol, Watson's manner.
 */
@NullMarked
package dev.accrete.production.serve.api;

import org.jspecify.annotations.NullMarked;
