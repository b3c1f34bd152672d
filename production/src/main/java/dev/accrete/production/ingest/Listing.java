package dev.accrete.production.ingest;

import java.util.List;
import java.util.Map;

/**
 * What a source holds; to be closed when its items were read.
 *
 * @param items in an order that depends on their names alone
 * @param ignored how many files are no images, by kind
 * @param resource what is to be closed
 */
public record Listing(List<Item> items, Map<String, Integer> ignored, AutoCloseable resource)
    implements AutoCloseable {
  /** Keeps copies. */
  public Listing {
    items = List.copyOf(items);
    ignored = Map.copyOf(ignored);
  }

  /** A listing that holds nothing open. */
  public static Listing of(List<Item> items, Map<String, Integer> ignored) {
    return new Listing(items, ignored, () -> {});
  }

  /** Closes what the items are read from. */
  @Override
  public void close() {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException("a source that was only read cannot be closed", e);
    }
  }
}
