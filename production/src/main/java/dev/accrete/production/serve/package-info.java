/**
 * A server for a model that changes while it answers: one command, HTTP with virtual threads, no
 * request lost when a version takes another's place.
 */
@NullMarked
package dev.accrete.production.serve;

import org.jspecify.annotations.NullMarked;
