package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several threads and several openings of one store, as a server and a nightly job are. */
class TogetherTest {
  private static final IngestOptions OPEN = IngestOptions.defaults().withNewClasses();

  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();
  private Path home;
  private Store store;

  @BeforeEach
  void make() {
    home = folder.resolve("shop");
    store = Store.init(home, TestImages.config("slda"));
    store.ingest(TestImages.day("monday", 0, 8, "cat", "dog"), OPEN, ProgressListener.NONE);
    store.update(backend, ProgressListener.NONE);
    store.promote(1, Promotion.by("test"));
  }

  @AfterEach
  void close() {
    store.close();
    backend.close();
  }

  /** While a day is taken in elsewhere, what is instant stays instant. */
  @Test
  void theServerGoesOnWhileADayIsTakenIn() throws Exception {
    store.ingest(TestImages.day("tuesday", 20, 26, "cat"), OPEN, ProgressListener.NONE);
    store.update(backend, ProgressListener.NONE);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    DayCheck slow =
        images -> {
          started.countDown();
          try {
            finish.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return DayCheck.Finding.NOTHING;
        };
    try (ExecutorService other = Executors.newSingleThreadExecutor();
        Store server = Store.open(home)) {
      Future<DayReport> day =
          other.submit(
              () ->
                  store.ingest(
                      TestImages.day("wednesday", 40, 46, "cat"),
                      OPEN,
                      slow,
                      ProgressListener.NONE));
      started.await();
      server.promote(2, Promotion.by("server").forced().because("in between"));
      server.recordPrediction(
          new PredictionRecord("p", Instant.now(), 2, Optional.empty(), "cat", 1, "{}"));
      server.rollback(OptionalInt.empty(), "server", "back");
      assertThat(server.aliases().champion()).hasValue(1);
      assertThat(server.days()).hasSize(2);
      finish.countDown();
      assertThat(day.get().changed()).isTrue();
      assertThat(server.days()).hasSize(3);
    }
  }

  @Test
  void whoeverComesSecondIsToldToWait() {
    try (StoreLock _ = StoreLock.of(home.resolve("store.lock"), Duration.ZERO)) {
      assertThatThrownBy(() -> StoreLock.of(home.resolve("store.lock"), Duration.ofMillis(120)))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("is in use");
    }
    StoreLock.of(home.resolve("store.lock"), Duration.ZERO).close();
  }

  @Test
  void daysFromManyThreadsComeInOneAfterTheOther() throws Exception {
    List<Future<DayReport>> days = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4);
        Store second = Store.open(home)) {
      for (int i = 0; i < 8; i++) {
        Source day = TestImages.day("day" + i, 100 + 10 * i, 106 + 10 * i, "cat", "dog");
        Store one = i % 2 == 0 ? store : second;
        days.add(threads.submit(() -> one.ingest(day, OPEN, ProgressListener.NONE)));
      }
      for (Future<DayReport> day : days) {
        assertThat(day.get().changed()).isTrue();
      }
    }
    assertThat(store.days()).hasSize(9);
    assertThat(store.check(ProgressListener.NONE).isSound()).isTrue();
  }

  @Test
  void manyAnswersFromManyThreads() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Store second = Store.open(home)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String id = "p" + i;
        Store one = i % 2 == 0 ? store : second;
        done.add(
            threads.submit(
                () -> {
                  one.recordPrediction(
                      new PredictionRecord(
                          id, Instant.now(), 1, Optional.empty(), "cat", 0.5, "{}"));
                  one.recordFeedback(new Feedback(id, "dog", Instant.now(), "test"));
                  return id;
                }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }
    for (int i = 0; i < 60; i++) {
      assertThat(store.feedback("p" + i)).hasSize(1);
    }
    assertThat(store.feedbackSince(Instant.EPOCH)).hasSize(60);
  }

  @Test
  void theLedgerCannotBeRewritten() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home + "/store.db");
        Statement sql = connection.createStatement()) {
      assertThatThrownBy(() -> sql.execute("UPDATE ledger SET reason = 'other'"))
          .hasMessageContaining("append-only");
      assertThatThrownBy(() -> sql.execute("DELETE FROM ledger"))
          .hasMessageContaining("append-only");
    }
    assertThat(store.ledger()).hasSize(3);
  }

  @Test
  void aStoreOfALaterVersionIsLeftAlone() throws SQLException {
    store.close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home + "/store.db");
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA user_version = 99");
    }
    assertThatThrownBy(() -> Store.open(home))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("later version of Accrete");
  }

  @Test
  void whatIsNoStoreIsNamed() throws Exception {
    Path foreign = Files.createDirectories(folder.resolve("photos"));
    Files.writeString(foreign.resolve("report.html"), "mine");
    assertThatThrownBy(() -> Store.init(foreign, TestImages.config("slda")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("report.html");
    Files.writeString(foreign.resolve("store.db"), "this is no database at all, but a text file");
    assertThatThrownBy(() -> Store.open(foreign))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("damaged or no store's");
  }

  @Test
  void whatKilledProcessesUnpackedIsSwept() throws Exception {
    Path dead = Files.createDirectories(folder.resolve("accrete-sqlite-999999999-x"));
    Files.writeString(dead.resolve("library.so"), "x");
    Path living =
        Files.createDirectories(
            folder.resolve("accrete-sqlite-" + ProcessHandle.current().pid() + "-x"));
    NativeSqlite.sweep(folder);
    assertThat(dead).doesNotExist();
    assertThat(living).exists();
  }

  /** Where locks are POSIX's, opening and closing the file once more would drop the lock. */
  @Test
  void aThreadThatWaitsDoesNotGiveTheLockAway() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), home);
    try (StoreLock _ = StoreLock.of(home.resolve("store.lock"), Duration.ZERO)) {
      for (Path same : List.of(home, link, home.resolve("."))) {
        assertThatThrownBy(() -> StoreLock.of(same.resolve("store.lock"), Duration.ZERO))
            .hasMessageContaining("is in use");
      }
      assertThat(tryElsewhere()).isEqualTo("refused");
    }
    assertThat(tryElsewhere()).isEqualTo("locked");
  }

  /** Tries to lock the store from another process. */
  private String tryElsewhere() throws IOException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TogetherTest.class.getName(),
                home.resolve("store.lock").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The other process. */
  public static void main(String[] args) {
    try (StoreLock _ = StoreLock.of(Path.of(args[0]), Duration.ZERO)) {
      System.out.print("locked");
    } catch (AccreteException e) {
      System.out.print("refused");
    }
  }
}
