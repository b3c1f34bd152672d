package dev.accrete.production.store;

import java.sql.SQLException;
import java.util.OptionalInt;

/** Moves aliases within a transaction, each movement with its entry in the ledger. */
final class Movements {
  private final Core core;
  private final Session session;
  private final String action;
  private final String actor;

  Movements(Core core, Session session, String action, String actor) {
    this.core = core;
    this.session = session;
    this.action = action;
    this.actor = actor;
  }

  /** Lets an alias name another version, or none; nothing if it does already. */
  void move(Alias alias, OptionalInt to, String reason, boolean forced) throws SQLException {
    OptionalInt from = Tables.aliases(session).of(alias);
    if (from.equals(to)) {
      return;
    }
    if (to.isPresent()) {
      session.execute(
          "INSERT INTO aliases VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET version ="
              + " excluded.version",
          alias.text(),
          to);
    } else {
      session.execute("DELETE FROM aliases WHERE name = ?", alias.text());
    }
    session.execute(
        "INSERT INTO ledger (at, alias, from_version, to_version, action, actor, reason, forced)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        core.now().toString(),
        alias.text(),
        from,
        to,
        action,
        actor,
        reason,
        forced);
  }
}
