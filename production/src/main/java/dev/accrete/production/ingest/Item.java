package dev.accrete.production.ingest;

import java.io.IOException;
import java.text.Normalizer;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One labelled image as a source offers it.
 *
 * @param name what it is called within its source, with slashes; unique there
 * @param label name of its class
 * @param subject whom or what it shows, for slices and for {@code forget}
 * @param metadata further remarks by name, for slices
 * @param split what its owner says that it is for; usually the store decides
 * @param content where its bytes are
 */
public record Item(
    String name,
    String label,
    Optional<String> subject,
    Map<String, String> metadata,
    Optional<Split> split,
    Content content) {
  /** The bytes of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * All of them. May be called several times, and by several threads.
     *
     * @throws IOException if they cannot be read, or are more than an image may have
     */
    byte[] bytes() throws IOException;
  }

  /** One form of letters with marks, however a file system spells them. */
  public Item {
    name = Normalizer.normalize(name, Normalizer.Form.NFC);
    label = spelled(label);
    subject = subject.map(Item::spelled).filter(given -> !given.isEmpty());
    Map<String, String> remarks = new TreeMap<>();
    metadata.forEach((key, value) -> remarks.put(spelled(key), spelled(value)));
    metadata = Collections.unmodifiableMap(remarks);
  }

  /** A label, or whatever else people write, as the store spells it. */
  public static String spelled(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC).strip();
  }

  /** An image with nothing but a name and a label. */
  public static Item of(String name, String label, Content content) {
    return new Item(name, label, Optional.empty(), Map.of(), Optional.empty(), content);
  }
}
