package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What gates found. */
final class Evaluations {
  private static final String ALL =
      "SELECT id, candidate, champion, at, blessed, reasons, metrics FROM evaluations ";

  private Evaluations() {}

  static List<Evaluation> of(Session session, int candidate) throws SQLException {
    return session.all(ALL + "WHERE candidate = ? ORDER BY id DESC", Tables::evaluation, candidate);
  }

  /** The latest comparison with this champion. */
  static Optional<Evaluation> latest(Session session, int candidate, OptionalInt champion)
      throws SQLException {
    return session.first(
        ALL + "WHERE candidate = ? AND champion IS ? ORDER BY id DESC LIMIT 1",
        Tables::evaluation,
        candidate,
        champion);
  }

  /**
   * Notes an evaluation, and whether the candidate's days are left out from now on: what was found
   * against another than the champion of now says nothing about that.
   */
  static long insert(Session session, Evaluation evaluation) throws SQLException {
    Json.require(evaluation.reasons(), "the reasons of an evaluation");
    Json.require(evaluation.metrics(), "the metrics of an evaluation");
    Version candidate = Promoting.require(session, evaluation.candidate());
    if (evaluation.champion().isPresent()) {
      Version champion = Promoting.require(session, evaluation.champion().getAsInt());
      if (champion.id() == candidate.id()
          || champion.modelDigest().equals(candidate.modelDigest())) {
        throw new AccreteException(
            "versions "
                + candidate.id()
                + " and "
                + champion.id()
                + " are the same model: a comparison of a model with itself says nothing");
      }
    }
    session.execute(
        "INSERT INTO evaluations (candidate, champion, at, blessed, reasons, metrics) VALUES (?, ?,"
            + " ?, ?, ?, ?)",
        evaluation.candidate(),
        evaluation.champion(),
        evaluation.at().toString(),
        evaluation.blessed(),
        evaluation.reasons(),
        evaluation.metrics());
    boolean counts = evaluation.champion().equals(Tables.aliases(session).champion());
    if (counts && evaluation.blessed()) {
      DayStates.learned(session, candidate.id());
    } else if (counts && evaluation.champion().isPresent()) {
      DayStates.blocked(session, candidate.id(), evaluation.champion().getAsInt());
    }
    return session.number("SELECT max(id) FROM evaluations");
  }
}
