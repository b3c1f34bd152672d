package dev.accrete.production.review;

/**
 * A label that is likely wrong.
 *
 * @param image its key in the store
 * @param label as given
 * @param suggestion what the model takes it for
 * @param score how likely it is wrong, 0.5 to 1: half of 1 and what the suggestion is more probable
 *     than the label
 * @param labelProbability of the label
 * @param suggestionProbability of the suggestion
 */
public record Suspect(
    String image,
    String label,
    String suggestion,
    double score,
    double labelProbability,
    double suggestionProbability) {}
