package dev.accrete.production.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Removes what is not needed any more: by the limits, or because a process was killed. */
final class Collecting {
  private final Core core;

  Collecting(Core core) {
    this.core = core;
  }

  GcReport collect() {
    List<String> removed = new ArrayList<>();
    long[] bytes = {0};
    core.locked(
        "remove what is not needed",
        () -> {
          List<String> doomed =
              core.database()
                  .write(
                      session -> {
                        Retention.apply(core, session);
                        return session.all(
                            "SELECT path FROM doomed ORDER BY path", row -> row.text(1));
                      });
          for (String name : doomed) {
            bytes[0] += Inventory.size(core.home().root().resolve(name));
            removed.add(name);
          }
          Doomed.remove(core);
          for (Inventory.Named file : new Inventory(core).removeLeftovers()) {
            bytes[0] += file.bytes();
            removed.add(file.path());
          }
          for (Path version : Folders.list(core.home().versions())) {
            removeEmpty(version);
          }
          core.database()
              .write(
                  session ->
                      session.execute(
                          "DELETE FROM incoming WHERE at <= ?",
                          core.now().minus(Inventory.ABANDONED).toString()));
          core.database().truncateLog();
          return removed;
        });
    return new GcReport(removed, bytes[0]);
  }

  private void removeEmpty(Path folder) throws IOException {
    if (Files.isDirectory(folder) && Folders.files(folder).isEmpty()) {
      core.disk().remove(folder);
    }
  }
}
