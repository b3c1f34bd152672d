package dev.accrete.production.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** One row of a query, read by the number of a column, from 1. */
final class Row {
  private final ResultSet results;

  Row(ResultSet results) {
    this.results = results;
  }

  String text(int column) throws SQLException {
    String text = results.getString(column);
    return text == null ? "" : text;
  }

  Optional<String> optional(int column) throws SQLException {
    return Optional.ofNullable(results.getString(column));
  }

  int integer(int column) throws SQLException {
    return results.getInt(column);
  }

  OptionalInt optionalInteger(int column) throws SQLException {
    int value = results.getInt(column);
    return results.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
  }

  long number(int column) throws SQLException {
    return results.getLong(column);
  }

  double real(int column) throws SQLException {
    return results.getDouble(column);
  }

  boolean flag(int column) throws SQLException {
    return results.getInt(column) != 0;
  }

  Instant instant(int column) throws SQLException {
    return Instant.parse(text(column));
  }
}
