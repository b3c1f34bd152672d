package dev.accrete.production.store;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a day, as it is to be known, differs from what is known of it. An image with another label is
 * removed with the old one and added with the new one.
 */
record Difference(Target target, SortedMap<Long, Integer> added, SortedMap<Long, Integer> removed) {
  static Difference between(Map<Long, Integer> known, Target target) {
    SortedMap<Long, Integer> added = new TreeMap<>(target.content());
    added.entrySet().removeAll(known.entrySet());
    SortedMap<Long, Integer> removed = new TreeMap<>(known);
    removed.entrySet().removeAll(target.content().entrySet());
    return new Difference(target, added, removed);
  }

  boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty();
  }
}
