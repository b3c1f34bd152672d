package dev.accrete.production.store;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * What a gate found of a version.
 *
 * @param id given by the store, 0 before
 * @param champion what the candidate was compared with; none if there was no champion
 * @param reasons JSON: every rule with its values
 * @param metrics JSON: every measured value
 */
public record Evaluation(
    long id,
    int candidate,
    OptionalInt champion,
    Instant at,
    boolean blessed,
    String reasons,
    String metrics) {}
