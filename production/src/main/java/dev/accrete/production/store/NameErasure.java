package dev.accrete.production.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Takes the name of a class or of a subject out of rows that tell of other things too. */
final class NameErasure {
  private final Session session;
  private final String name;
  private final String placeholder;
  private final Redaction redaction;

  NameErasure(Session session, String name, String placeholder) {
    this.session = session;
    this.name = name;
    this.placeholder = placeholder;
    redaction = new Redaction(name, placeholder);
  }

  /** From everything that is a text; returns how many evaluations told of it. */
  int everywhere() throws SQLException {
    rewrite("quarantine", "detail", redaction::text);
    rewrite("days", "refusal", redaction::text);
    rewrite("days", "drift", redaction::json);
    return rewrite("evaluations", "reasons", redaction::json)
        + rewrite("evaluations", "metrics", redaction::json);
  }

  /** From what is said of classes alone. */
  void ofClass() throws SQLException {
    session.execute("UPDATE predictions SET answer = ? WHERE answer = ?", placeholder, name);
    session.execute("UPDATE feedback SET label = ? WHERE label = ?", placeholder, name);
    rewrite("predictions", "detail", redaction::json);
    session.execute(
        "UPDATE versions SET classes = replace(classes, ?, ?)",
        Json.text(name),
        Json.text(placeholder));
  }

  private int rewrite(String table, String column, UnaryOperator<String> rewritten)
      throws SQLException {
    List<Object[]> changed = new ArrayList<>();
    session.each(
        "SELECT id, "
            + column
            + " FROM "
            + table
            + " WHERE "
            + column
            + " IS NOT NULL AND ("
            + column
            + " LIKE '%\\%' OR instr("
            + column
            + ", ?))",
        row -> {
          String text = rewritten.apply(row.text(2));
          if (!text.equals(row.text(2))) {
            changed.add(new Object[] {text, row.text(1)});
          }
        },
        name);
    session.executeAll("UPDATE " + table + " SET " + column + " = ? WHERE id = ?", changed);
    return changed.size();
  }
}
