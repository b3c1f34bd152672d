package dev.accrete.production.store;

import java.time.Instant;
import java.util.Optional;

/**
 * An answer that was given.
 *
 * @param id that a feedback names it by
 * @param version that answered
 * @param image SHA-256 of the image, if it is kept
 * @param answer name of a class
 * @param detail JSON with whatever else is worth keeping
 */
public record PredictionRecord(
    String id,
    Instant at,
    int version,
    Optional<String> image,
    String answer,
    double probability,
    String detail) {}
