package dev.accrete.production.review;

import java.util.OptionalDouble;

/**
 * A label that is likely wrong.
 *
 * @param image its key in the store
 * @param label as given
 * @param suggestion what the model takes it for
 * @param score how much the model is against the label, 0.5 to 1: half of 1 and what the suggestion
 *     is more probable than the label
 * @param precision share of the suspects from the first to this one that are really wrong, going by
 *     how often the same would be said of images whose labels were looked after; empty without such
 *     images
 */
public record Suspect(
    String image, String label, String suggestion, double score, OptionalDouble precision) {}
