package dev.accrete.production.store;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** Which days updates leave out, because what was made of them was not good enough. */
final class DayStates {
  private DayStates() {}

  /** Days that one version knows and another does not are left out by the next updates. */
  static void blocked(Session session, int version, int other) throws SQLException {
    Set<Integer> days = new HashSet<>(Knowledge.of(session, version).days());
    days.removeAll(Knowledge.of(session, other).days());
    for (int day : days) {
      session.execute("UPDATE days SET state = 'blocked' WHERE id = ? AND state = 'learned'", day);
    }
  }

  /** Days that a version knows are learned, whatever became of others that knew them. */
  static void learned(Session session, int version) throws SQLException {
    for (int day : Knowledge.of(session, version).days()) {
      session.execute("UPDATE days SET state = 'learned' WHERE id = ? AND state = 'blocked'", day);
    }
  }
}
