package dev.accrete.production.store;

import java.time.Instant;

/**
 * What an image really shows.
 *
 * @param prediction id of the answer
 * @param label name of the right class
 * @param who said so
 */
public record Feedback(String prediction, String label, Instant at, String who) {}
