package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderLockTest {
  @TempDir private Path folder;

  @Test
  void oneAtATime() {
    try (FolderLock first = FolderLock.of(folder, "lock")) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> FolderLock.of(folder, "lock"))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("in use")
          .hasMessageContaining("wait until that has ended");
    }
    FolderLock.of(folder, "lock").close();
  }

  @Test
  void whatAnotherProcessHoldsIsRefused() {
    assertThatThrownBy(() -> FolderLock.of(folder, "lock", channel -> null))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void aFileSystemWithoutLocksWillDo() {
    FolderLock.Locking none =
        channel -> {
          throw new IOException("No locks available");
        };
    try (FolderLock lock = FolderLock.of(folder, "lock", none)) {
      assertThat(lock).isNotNull();
    }
  }

  /** Whoever opened a file that its holder then removes must not hold it beside a newcomer. */
  @Test
  void aFileThatWasRemovedMeanwhileIsNotHeld() throws IOException {
    Path name = folder.resolve("lock");
    AtomicInteger rounds = new AtomicInteger();
    FolderLock.Locking late =
        channel -> {
          FileLock got = channel.tryLock();
          if (rounds.getAndIncrement() < 2) {
            // The holder before removes the file; in the second round somebody makes a new one.
            Files.delete(name);
            if (rounds.get() == 2) {
              Files.writeString(name, "x".repeat(2 << 20));
            }
          }
          return got;
        };
    try (FolderLock lock = FolderLock.of(folder, "lock", late)) {
      assertThat(lock).isNotNull();
      assertThat(rounds).hasValue(3);
      assertThat(tryElsewhere()).isEqualTo("refused");
    }
    assertThat(tryElsewhere()).isEqualTo("locked");
  }

  /** Where locks are POSIX's, opening and closing the file once more would drop the lock. */
  @Test
  void aSecondAttemptInThisProcessDoesNotGiveTheLockAway() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    try (FolderLock lock = FolderLock.of(folder, "lock")) {
      assertThat(lock).isNotNull();
      for (Path same : List.of(folder, link, folder.resolve("."))) {
        assertThatThrownBy(() -> FolderLock.of(same, "lock")).isInstanceOf(AccreteException.class);
      }
      assertThat(tryElsewhere()).isEqualTo("refused");
    }
  }

  @Test
  void theHolderMayRemoveTheFile() throws IOException {
    try (FolderLock lock = FolderLock.of(folder, "lock")) {
      lock.remove();
      assertThat(folder).isEmptyDirectory();
      assertThat(tryElsewhere()).isEqualTo("locked");
    }
    FolderLock.of(folder, "lock").close();
  }

  /** Tries to lock the folder from another process. */
  private String tryElsewhere() throws IOException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FolderLockTest.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The other process. */
  public static void main(String[] args) {
    try (FolderLock lock = FolderLock.of(Path.of(args[0]), "lock")) {
      System.out.print(lock == null ? "nothing" : "locked");
    } catch (AccreteException e) {
      System.out.print("refused");
    }
  }
}
