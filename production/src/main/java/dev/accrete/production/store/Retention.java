package dev.accrete.production.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which versions' files are kept: those that an alias names, and the latest; pages with models. */
final class Retention {
  private Retention() {}

  /** Dooms what the limits do not allow; returns how many files and folders that are. */
  static int apply(Core core, Session session) throws SQLException {
    Set<Integer> named =
        new HashSet<>(session.all("SELECT version FROM aliases", row -> row.integer(1)));
    List<String> doomed = new ArrayList<>();
    for (int id : beyond(session, "learner", core.limits().keptLearners(), named)) {
      session.execute("UPDATE versions SET learner = 'dropped' WHERE id = ?", id);
      doomed.add(core.home().name(core.home().learner(id)));
    }
    for (int id : beyond(session, "model", core.limits().keptModels(), named)) {
      session.execute("UPDATE versions SET model = 'dropped' WHERE id = ?", id);
      doomed.add(core.home().name(core.home().model(id)));
    }
    doomed.addAll(Attachments.ofDropped(session));
    Doomed.add(session, doomed);
    return doomed.size();
  }

  private static List<Integer> beyond(Session session, String what, int limit, Set<Integer> named)
      throws SQLException {
    List<Integer> kept =
        session.all(
            "SELECT id FROM versions WHERE " + what + " = 'kept' ORDER BY id DESC",
            row -> row.integer(1));
    List<Integer> beyond = new ArrayList<>();
    int count = 0;
    for (int id : kept) {
      if (!named.contains(id) && ++count > limit) {
        beyond.add(id);
      }
    }
    return beyond;
  }
}
