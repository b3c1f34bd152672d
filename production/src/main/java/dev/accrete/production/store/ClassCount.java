package dev.accrete.production.store;

/**
 * A class and its images that are kept.
 *
 * @param train images to learn
 * @param regression images of the regression set
 */
public record ClassCount(String name, int train, int regression) {}
