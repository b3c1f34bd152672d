package dev.accrete.production.store;

import java.time.Instant;

/**
 * What is left of what was forgotten.
 *
 * @param certificate JSON: what was asked for, how many images went, which versions and digests
 *     were before and after
 */
public record Tombstone(long id, Instant at, String certificate) {}
