package dev.accrete.production.serve.workshop;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * A movement of an alias, or a remark where no version is named.
 *
 * @param number counts up
 * @param alias {@code champion}, {@code candidate}, {@code previous}, or what a remark is about
 * @param by who moved it
 */
public record Movement(
    long number,
    Instant at,
    String alias,
    OptionalInt from,
    OptionalInt to,
    String reason,
    String by) {}
