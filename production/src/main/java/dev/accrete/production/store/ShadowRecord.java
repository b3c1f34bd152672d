package dev.accrete.production.store;

/**
 * What a version that was not asked would have answered.
 *
 * @param prediction id of the answer that was given
 */
public record ShadowRecord(String prediction, int version, String answer, double probability) {}
