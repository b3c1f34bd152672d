package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All of a transaction or nothing, whatever stops it. */
class DatabaseTest {
  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private Database database;

  @BeforeEach
  void create() {
    database = Database.create(folder.resolve("store.db"), Probe.NONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static int fill(Session session, int rows) throws SQLException {
    List<Object[]> values = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      values.add(new Object[] {"name " + i, "x".repeat(500)});
    }
    session.executeAll("INSERT INTO meta VALUES (?, ?)", values);
    return rows;
  }

  private long rows() {
    return database.read(session -> session.number("SELECT count(*) FROM meta"));
  }

  /** SQLite undoes a transaction by itself when its disk is full. */
  @Test
  void aFullDatabaseIsSaidAndIsAsItWas() {
    database.write(session -> fill(session, 3));
    long pages =
        database.write(
            session ->
                session.number("PRAGMA max_page_count = 90") + session.number("PRAGMA page_count"));
    assertThat(pages).isGreaterThan(90);
    assertThatThrownBy(
            () ->
                database.write(
                    session -> {
                      session.execute("DELETE FROM meta");
                      return fill(session, 2000);
                    }))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("database or disk is full")
        .hasMessageContaining("room on the disk");
    assertThat(rows()).isEqualTo(3);
    database.write(session -> session.number("PRAGMA max_page_count = 100000"));
    database.write(session -> session.execute("DELETE FROM meta"));
    database.write(session -> fill(session, 2000));
    assertThat(rows()).isEqualTo(2000);
  }

  @Test
  void whateverIsThrownNothingIsKept() {
    for (Throwable thrown :
        List.of(
            new IllegalStateException("no"), new SQLException("no"), new StackOverflowError())) {
      assertThatThrownBy(
              () ->
                  database.write(
                      session -> {
                        fill(session, 5);
                        switch (thrown) {
                          case SQLException e -> throw e;
                          case RuntimeException e -> throw e;
                          case Error e -> throw e;
                          default -> throw new AssertionError(thrown);
                        }
                      }))
          .isNotNull();
      assertThat(rows()).isZero();
    }
    database.write(session -> fill(session, 5));
    assertThat(rows()).isEqualTo(5);
  }

  @Test
  void aReaderSeesOneStateWhileOthersWrite() {
    database.write(session -> fill(session, 5));
    long[] seen = new long[3];
    database.read(
        session -> {
          seen[0] = session.number("SELECT count(*) FROM meta");
          database.write(writing -> writing.execute("DELETE FROM meta"));
          seen[1] = session.number("SELECT count(*) FROM meta");
          seen[2] = rows();
          return seen;
        });
    assertThat(seen).containsExactly(5, 5, 0);
  }

  @Test
  void aClosedDatabaseSaysSo() {
    database.close();
    assertThatThrownBy(this::rows)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }
}
