package dev.accrete.production.serve.workshop;

import java.time.Instant;

/**
 * Something the server did by itself.
 *
 * @param about what, such as {@code canary}
 */
public record Note(Instant at, String about, int version, String text) {}
