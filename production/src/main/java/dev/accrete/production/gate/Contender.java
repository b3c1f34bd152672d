package dev.accrete.production.gate;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model that is judged, or that it is compared with.
 *
 * @param version its name in the store
 * @param digest SHA-256 of its file
 * @param classes the names it knows
 */
public record Contender(String version, String digest, Set<String> classes) {
  /** Copies the names, sorted. */
  public Contender {
    classes = Collections.unmodifiableSet(new TreeSet<>(classes));
  }
}
