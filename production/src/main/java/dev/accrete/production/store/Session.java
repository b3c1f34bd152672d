package dev.accrete.production.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Statements on one connection. */
final class Session {
  /** Makes something of a row. */
  interface Mapper<T> {
    T map(Row row) throws SQLException;
  }

  /** Looks at a row. */
  interface Visitor {
    void visit(Row row) throws SQLException;
  }

  private final Connection connection;
  private final Probe probe;

  Session(Connection connection, Probe probe) {
    this.connection = connection;
    this.probe = probe;
  }

  /** Executes a statement; returns how many rows it changed. */
  int execute(String sql, Object... values) throws SQLException {
    before(sql);
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  /** Executes a statement for each row of values. */
  void executeAll(String sql, Collection<Object[]> rows) throws SQLException {
    before(sql);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Object[] row : rows) {
        bind(statement, row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** All rows of a query. */
  <T> List<T> all(String sql, Mapper<T> mapper, Object... values) throws SQLException {
    List<T> rows = new ArrayList<>();
    each(sql, row -> rows.add(mapper.map(row)), values);
    return rows;
  }

  /** Looks at each row of a query. */
  void each(String sql, Visitor visitor, Object... values) throws SQLException {
    before(sql);
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet results = statement.executeQuery()) {
      Row row = new Row(results);
      while (results.next()) {
        visitor.visit(row);
      }
    }
  }

  /** The first row of a query. */
  <T> Optional<T> first(String sql, Mapper<T> mapper, Object... values) throws SQLException {
    List<T> rows = all(sql, mapper, values);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
  }

  /** The number that a query gives; 0 where it gives none. */
  long number(String sql, Object... values) throws SQLException {
    return first(sql, row -> row.number(1), values).orElse(0L);
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      bind(statement, values);
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case Optional<?> value when value.isEmpty() -> statement.setObject(i + 1, null);
        case Optional<?> value -> statement.setObject(i + 1, value.get());
        case OptionalInt value when value.isEmpty() -> statement.setObject(i + 1, null);
        case OptionalInt value -> statement.setInt(i + 1, value.getAsInt());
        case Boolean value -> statement.setInt(i + 1, value ? 1 : 0);
        default -> statement.setObject(i + 1, values[i]);
      }
    }
  }

  private void before(String sql) throws SQLException {
    try {
      probe.before("sql " + sql);
    } catch (IOException e) {
      throw new SQLException(e.getMessage(), e);
    }
  }
}
