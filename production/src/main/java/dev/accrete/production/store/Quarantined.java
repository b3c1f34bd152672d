package dev.accrete.production.store;

import dev.accrete.production.ingest.Reason;

/**
 * An image that was set aside.
 *
 * @param name within its source
 * @param sha256 of its bytes; empty if they could not be read
 * @param detail which other image, or what the decoder said
 */
public record Quarantined(String name, String sha256, Reason reason, String detail) {}
