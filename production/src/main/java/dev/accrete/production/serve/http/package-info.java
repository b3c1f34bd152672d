/** Requests and answers: routes, limits, tokens. Knows nothing of models. */
@NullMarked
package dev.accrete.production.serve.http;

import org.jspecify.annotations.NullMarked;
