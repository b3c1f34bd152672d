package dev.accrete.production.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * A day that updates leave out unless they are asked for it.
 *
 * @param day its name
 * @param rolledBack whether what knew it was taken out of production; else it was not blessed
 */
public record LeftOut(String day, boolean rolledBack) {
  private static final int SHOWN = 5;

  /** A version's days were left out from now on, but for those that another one knows. */
  private record Cause(Instant at, int version, int other, boolean rollback) {}

  /** Why it is left out. */
  public String why() {
    return rolledBack ? "rolled back" : "not blessed";
  }

  /** Which days are left out, why, and how they are learned all the same; the latest by name. */
  public static String line(List<LeftOut> days) {
    int more = Math.max(0, days.size() - SHOWN);
    List<String> shown =
        days.stream().skip(more).map(each -> each.day + " (" + each.why() + ")").toList();
    return "left out: "
        + (more > 0 ? more + " more, " : "")
        + String.join(", ", shown)
        + "; accrete update --with-blocked learns "
        + (days.size() == 1 ? "it" : "them")
        + " again";
  }

  /** All of them, in order of arrival. */
  static List<LeftOut> all(Session session) throws SQLException {
    List<Day> blocked =
        Tables.days(session).stream().filter(day -> day.state() == DayState.BLOCKED).toList();
    List<Cause> causes = blocked.isEmpty() ? List.of() : causes(session);
    List<LeftOut> all = new ArrayList<>();
    for (Day day : blocked) {
      all.add(new LeftOut(day.name(), isRolledBack(session, day, causes)));
    }
    return all;
  }

  private static boolean isRolledBack(Session session, Day day, List<Cause> causes)
      throws SQLException {
    for (Cause cause : causes) {
      if (DayStates.beyond(session, cause.version(), cause.other()).contains(day.id())) {
        return cause.rollback();
      }
    }
    return false;
  }

  /** The latest first. */
  private static List<Cause> causes(Session session) throws SQLException {
    List<Cause> causes =
        new ArrayList<>(
            session.all(
                "SELECT at, candidate, champion FROM evaluations WHERE NOT blessed AND champion IS"
                    + " NOT NULL ORDER BY id DESC",
                row -> new Cause(row.instant(1), row.integer(2), row.integer(3), false)));
    for (LedgerEntry entry : Tables.ledger(session)) {
      OptionalInt from = entry.from();
      OptionalInt to = entry.to();
      if (entry.action().equals(Promoting.ROLLBACK)
          && entry.alias() == Alias.CHAMPION
          && from.isPresent()
          && to.isPresent()) {
        causes.add(new Cause(entry.at(), from.getAsInt(), to.getAsInt(), true));
      }
    }
    causes.sort(Comparator.comparing(Cause::at).reversed());
    return causes;
  }
}
