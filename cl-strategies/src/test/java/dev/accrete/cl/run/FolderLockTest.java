package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Path;
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
          .hasMessageContaining("--out");
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
}
