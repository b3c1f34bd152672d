package dev.accrete.production.serve.workshop;

import java.time.Instant;
import java.util.Optional;

/**
 * What a version took an image for.
 *
 * @param id names this answer in feedback
 * @param image how the client called the image
 * @param second the probability of the next class; 0 if there is none
 * @param subject whose image it is, if the client told
 * @param content the image as received; empty if it was not to be kept
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record Answer(
    String id,
    Instant at,
    int version,
    String image,
    String label,
    double probability,
    double second,
    Optional<String> subject,
    Optional<byte[]> content) {}
