package dev.accrete.production.store;

import java.sql.SQLException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A day as a version is to know it.
 *
 * @param content its training images with their labels, by image
 */
record Target(Day day, int revision, SortedMap<Long, Integer> content) {
  Target {
    content = Collections.unmodifiableSortedMap(new TreeMap<>(content));
  }

  /** A day as it is now. */
  static Target now(Session session, Day day) throws SQLException {
    return new Target(day, day.revision(), Knowledge.content(session, day.id(), day.revision()));
  }
}
