package dev.accrete.production.store;

import dev.accrete.production.ingest.Split;
import java.util.Map;
import java.util.Optional;

/**
 * An image of the store.
 *
 * @param id its number, for ever
 * @param sha256 of the file as it was received
 * @param day name of the day that it came on
 * @param name what it was called there
 * @param sourceClass the label that it came with
 * @param label the name of its class today
 * @param metadata remarks by name
 */
public record StoredImage(
    long id,
    String sha256,
    String day,
    String name,
    String sourceClass,
    String label,
    Optional<String> subject,
    Map<String, String> metadata,
    Split split) {
  /** Keeps a copy. */
  public StoredImage {
    metadata = Map.copyOf(metadata);
  }
}
