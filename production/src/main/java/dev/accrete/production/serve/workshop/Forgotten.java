package dev.accrete.production.serve.workshop;

import java.util.OptionalInt;

/**
 * What was removed.
 *
 * @param version the version that goes on without it; empty if none had learned from it
 * @param certificate what says so later; empty if nothing was found
 */
public record Forgotten(
    String subject, int images, int answers, OptionalInt version, String certificate) {}
