package dev.accrete.production.store;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * One movement of an alias. Movements are never changed or removed.
 *
 * @param from the version that it named before
 * @param to the version that it names since; none if it names nothing any more
 * @param action what moved it: update, promote, rollback, forget, ...
 * @param actor who or what did it
 * @param forced whether a rule was overruled
 */
public record LedgerEntry(
    long id,
    Instant at,
    Alias alias,
    OptionalInt from,
    OptionalInt to,
    String action,
    String actor,
    String reason,
    boolean forced) {}
