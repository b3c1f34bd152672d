package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import dev.accrete.production.ingest.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The SQLite file of a store: one connection that writes, and some that read beside it. A
 * transaction is on the disk when it returns.
 */
final class Database implements AutoCloseable {
  private static final Duration BUSY = Duration.ofSeconds(30);

  /** What compares names, whoever has spelled them; see {@link Item#spelled}. */
  static final String SPELLED = "spelled";

  /** The function of this name. */
  private static final class Spelled extends Function {
    @Override
    protected void xFunc() throws SQLException {
      String text = value_text(0);
      if (text == null) {
        result();
      } else {
        result(Item.spelled(text));
      }
    }
  }

  /** Work on a connection. */
  interface Work<T> {
    T run(Session session) throws SQLException;
  }

  private final Path file;
  private final Probe probe;
  private final ReentrantLock writing = new ReentrantLock();
  private final Deque<Connection> readers = new ConcurrentLinkedDeque<>();
  private final Connection writer;
  private volatile boolean closed;

  private Database(Path file, Probe probe, Connection writer) {
    this.file = file;
    this.probe = probe;
    this.writer = writer;
  }

  /**
   * Makes the file with all tables.
   *
   * @throws AccreteException if it cannot be written
   */
  static Database create(Path file, Probe probe) {
    return open(file, probe, true);
  }

  /**
   * Opens the file, and brings its tables up to date.
   *
   * @throws AccreteException if there is none, it is damaged, or of a later version
   */
  static Database open(Path file, Probe probe) {
    return open(file, probe, false);
  }

  private static Database open(Path file, Probe probe, boolean create) {
    if (!create && !Files.isRegularFile(file)) {
      throw new AccreteException(
          file.getParent()
              + " is no store (it has no "
              + file.getFileName()
              + "): name one, or make it with accrete store init");
    }
    NativeSqlite.prepare();
    try {
      Connection connection = connect(file, false);
      Database database = new Database(file, probe, connection);
      try {
        Schema.migrate(connection, file);
        return database;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout((int) BUSY.toMillis());
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    Function.create(connection, SPELLED, new Spelled());
    if (readOnly) {
      execute(connection, "PRAGMA query_only = true");
    }
    return connection;
  }

  /**
   * All of it or nothing; durable when it returns.
   *
   * @throws AccreteException if the database cannot do it; nothing has changed then
   */
  <T> T write(Work<T> work) {
    writing.lock();
    try {
      requireOpen();
      // By hand: JDBC's own commit begins the next transaction at once, and takes its lock.
      execute(writer, "BEGIN IMMEDIATE");
      try {
        T result = work.run(new Session(writer, probe));
        before("sql commit");
        execute(writer, "COMMIT");
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        undo(e);
        throw e;
      }
    } catch (SQLException e) {
      throw failed(file, e);
    } finally {
      writing.unlock();
    }
  }

  /** The database may have undone everything by itself, as it does when the disk is full. */
  private void undo(Throwable reason) {
    try {
      execute(writer, "ROLLBACK");
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Reads one state of the database, beside whatever is being written. */
  <T> T read(Work<T> work) {
    requireOpen();
    try {
      Connection pooled = readers.poll();
      Connection connection = pooled == null ? connect(file, true) : pooled;
      boolean sound = false;
      try {
        execute(connection, "BEGIN");
        T result = work.run(new Session(connection, Probe.NONE));
        execute(connection, "COMMIT");
        sound = true;
        return result;
      } finally {
        if (sound && !closed) {
          readers.push(connection);
        } else {
          connection.close();
        }
      }
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  /** Leaves nothing of removed rows in the write-ahead log. */
  void truncateLog() {
    writing.lock();
    try {
      requireOpen();
      new Session(writer, probe).all("PRAGMA wal_checkpoint(TRUNCATE)", row -> row.integer(1));
    } catch (SQLException e) {
      throw failed(file, e);
    } finally {
      writing.unlock();
    }
  }

  private void before(String operation) throws SQLException {
    try {
      probe.before(operation);
    } catch (IOException e) {
      throw new SQLException(e.getMessage(), e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store " + file.getParent() + " is closed");
    }
  }

  /** What a failure means to the user. */
  static AccreteException failed(Path file, SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException known ? known.getResultCode() : SQLiteErrorCode.SQLITE_ERROR;
    int primary = code.code & 0xFF;
    String remedy;
    if (primary == SQLiteErrorCode.SQLITE_BUSY.code
        || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
      remedy = "another process writes to it for too long; try again";
    } else if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code
        || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
      remedy = "it is damaged or no store's; restore it from a copy";
    } else {
      remedy =
          "see to room on the disk and the right to write there, then do it again; the store is as"
              + " it was before";
    }
    return new AccreteException("database " + file + ": " + e.getMessage() + "; " + remedy, e);
  }

  /** Closes all connections; what was not committed is undone. */
  @Override
  public void close() {
    writing.lock();
    try {
      closed = true;
      writer.close();
      for (Connection reader = readers.poll(); reader != null; reader = readers.poll()) {
        reader.close();
      }
    } catch (SQLException e) {
      throw failed(file, e);
    } finally {
      writing.unlock();
    }
  }
}
