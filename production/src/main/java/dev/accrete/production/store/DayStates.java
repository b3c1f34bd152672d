package dev.accrete.production.store;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** Which days updates leave out, because what was made of them was not good enough. */
final class DayStates {
  private DayStates() {}

  /** Days that one version knows and another does not, or not as they are. */
  static Set<Integer> beyond(Session session, int version, int other) throws SQLException {
    Knowledge known = Knowledge.of(session, version);
    Knowledge others = Knowledge.of(session, other);
    Set<Integer> days = new HashSet<>();
    for (int day : known.days()) {
      if (!others.days().contains(day)
          || !known.content(session, day).equals(others.content(session, day))) {
        days.add(day);
      }
    }
    return days;
  }

  /**
   * Days that one version knows and another does not are left out by the next updates; those that
   * it knows otherwise stay as they are known to the other.
   */
  static void blocked(Session session, int version, int other) throws SQLException {
    for (int day : beyond(session, version, other)) {
      session.execute("UPDATE days SET state = 'blocked' WHERE id = ? AND state = 'learned'", day);
    }
  }

  /** Days that a version knows as they are now are learned, whatever became of others. */
  static void learned(Session session, int version) throws SQLException {
    Knowledge known = Knowledge.of(session, version);
    for (Day day : Tables.days(session)) {
      if (day.state() == DayState.BLOCKED
          && known.days().contains(day.id())
          && known.difference(session, Target.now(session, day)).isEmpty()) {
        session.execute("UPDATE days SET state = 'learned' WHERE id = ?", day.id());
      }
    }
  }
}
