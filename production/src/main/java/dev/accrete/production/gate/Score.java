package dev.accrete.production.gate;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A metric of a slice.
 *
 * @param value the candidate's, on all images of the slice
 * @param before the champion's, on those whose class it knows
 * @param after the candidate's on the same
 * @param difference where {@code after - before} lies
 */
public record Score(
    double value, OptionalDouble before, OptionalDouble after, Optional<Interval> difference) {}
