package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Moves the champion: one transaction, by rules, and never without a trace. */
final class Promoting {
  /** What the ledger calls it. */
  static final String ROLLBACK = "rollback";

  private final Core core;

  Promoting(Core core) {
    this.core = core;
  }

  Aliases promote(int id, Promotion promotion) {
    return core.database()
        .write(
            session -> {
              Version version = usable(session, id);
              Aliases aliases = Tables.aliases(session);
              requireOther(session, version, aliases.champion());
              requireBlessed(session, version, aliases.champion(), promotion);
              Movements movements = new Movements(core, session, "promote", promotion.actor());
              movements.move(
                  Alias.CHAMPION, OptionalInt.of(id), promotion.reason(), promotion.force());
              movements.move(
                  Alias.PREVIOUS, aliases.champion(), promotion.reason(), promotion.force());
              if (aliases.candidate().equals(OptionalInt.of(id))) {
                movements.move(
                    Alias.CANDIDATE, OptionalInt.empty(), promotion.reason(), promotion.force());
              }
              DayStates.learned(session, id);
              return Tables.aliases(session);
            });
  }

  Aliases rollback(OptionalInt to, String actor, String reason) {
    return core.database()
        .write(
            session -> {
              Aliases aliases = Tables.aliases(session);
              int champion =
                  aliases
                      .champion()
                      .orElseThrow(
                          () ->
                              new AccreteException(
                                  "there is no champion to roll back from: promote a version"));
              int target =
                  to.isPresent()
                      ? to.getAsInt()
                      : aliases
                          .previous()
                          .orElseThrow(
                              () ->
                                  new AccreteException(
                                      "there is no version before the champion: name one with"
                                          + " --to"));
              if (target == champion) {
                throw new AccreteException("version " + target + " is the champion already");
              }
              usable(session, target);
              Movements movements = new Movements(core, session, ROLLBACK, actor);
              movements.move(Alias.CHAMPION, OptionalInt.of(target), reason, false);
              movements.move(Alias.PREVIOUS, before(session, target), reason, false);
              if (aliases.candidate().isPresent()
                  && isOutdated(session, aliases.candidate().getAsInt(), champion, target)) {
                movements.move(Alias.CANDIDATE, OptionalInt.empty(), reason, false);
              }
              DayStates.blocked(session, champion, target);
              DayStates.learned(session, target);
              return Tables.aliases(session);
            });
  }

  /**
   * Whether a candidate would undo a rollback: it went on from the version rolled back from, or
   * knows a day that is left out with that. What is in production is none either.
   */
  private static boolean isOutdated(Session session, int candidate, int from, int to)
      throws SQLException {
    Set<Integer> days = DayStates.beyond(session, from, to);
    days.retainAll(Knowledge.of(session, candidate).days());
    return candidate == to
        || !days.isEmpty()
        || session.number(
                "WITH RECURSIVE line (id) AS (SELECT ? UNION SELECT v.parent FROM versions v JOIN"
                    + " line l ON v.id = l.id WHERE v.parent IS NOT NULL) SELECT count(*) FROM line"
                    + " WHERE id = ?",
                candidate,
                from)
            > 0;
  }

  /** The champion before a version became it, if one can still go back to that. */
  private static OptionalInt before(Session session, int version) throws SQLException {
    return session
        .first(
            "SELECT l.from_version FROM ledger l JOIN versions v ON v.id = l.from_version WHERE"
                + " l.alias = 'champion' AND l.to_version = ? AND l.action <> 'rollback' AND v.model"
                + " = 'kept' ORDER BY l.id DESC LIMIT 1",
            row -> row.optionalInteger(1),
            version)
        .orElse(OptionalInt.empty());
  }

  private Version usable(Session session, int id) throws SQLException {
    Version version = require(session, id);
    if (version.model() != Kept.KEPT || !Files.isRegularFile(core.home().model(id))) {
      throw new AccreteException(
          "the model of version "
              + id
              + " is not there any more ("
              + version.model().text()
              + "): name a later version");
    }
    return version;
  }

  /** The version of this number, or an error. */
  static Version require(Session session, int id) throws SQLException {
    Optional<Version> version = Tables.version(session, id);
    if (version.isEmpty()) {
      long latest = session.number("SELECT coalesce(max(id), 0) FROM versions");
      throw new AccreteException(
          "there is no version "
              + id
              + (latest == 0 ? ": make one with an update" : ": the latest is " + latest));
    }
    return version.get();
  }

  private static void requireOther(Session session, Version version, OptionalInt champion)
      throws SQLException {
    if (champion.isEmpty()) {
      return;
    }
    if (champion.getAsInt() == version.id()) {
      throw new AccreteException("version " + version.id() + " is the champion already");
    }
    if (require(session, champion.getAsInt()).modelDigest().equals(version.modelDigest())) {
      throw new AccreteException(
          "version "
              + version.id()
              + " is the same model as the champion, version "
              + champion.getAsInt()
              + ": there is nothing to promote");
    }
  }

  private static void requireBlessed(
      Session session, Version version, OptionalInt champion, Promotion promotion)
      throws SQLException {
    if (champion.isEmpty()) {
      return;
    }
    if (promotion.force()) {
      if (promotion.reason().isBlank()) {
        throw new AccreteException("a forced promotion needs a reason: say why with --reason");
      }
      return;
    }
    Optional<Evaluation> evaluation = Evaluations.latest(session, version.id(), champion);
    if (evaluation.isEmpty()) {
      throw new AccreteException(
          "version "
              + version.id()
              + " was not evaluated against the champion, version "
              + champion.getAsInt()
              + ": evaluate it, or overrule with --force --reason");
    }
    if (!evaluation.get().blessed()) {
      throw new AccreteException(
          "version "
              + version.id()
              + " was not blessed: its evaluation says why; overrule with --force --reason");
    }
  }
}
