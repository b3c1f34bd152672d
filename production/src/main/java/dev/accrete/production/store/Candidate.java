package dev.accrete.production.store;

import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Properties;
import java.util.Optional;

/**
 * An image on its way into the store.
 *
 * @param number among the items of its source
 * @param sha256 of its bytes; empty if they cannot be read
 * @param bytes how many
 * @param hash perceptual
 * @param crc of its pixels
 * @param damage why it cannot be read or decoded
 */
record Candidate(
    int number,
    Item item,
    String sha256,
    long bytes,
    long hash,
    int crc,
    Properties properties,
    Optional<String> damage) {
  private static final Properties UNKNOWN = new Properties(0, 0, 0, 0);

  /** One whose bytes were read. */
  static Candidate read(int number, Item item, String sha256, long bytes) {
    return new Candidate(number, item, sha256, bytes, 0, 0, UNKNOWN, Optional.empty());
  }

  /** One that is of no use. */
  static Candidate damaged(int number, Item item, String sha256, String why) {
    return new Candidate(number, item, sha256, 0, 0, 0, UNKNOWN, Optional.of(why));
  }

  /** The same, decoded. */
  Candidate decoded(long perceptual, int check, Properties looks) {
    return new Candidate(number, item, sha256, bytes, perceptual, check, looks, damage);
  }
}
