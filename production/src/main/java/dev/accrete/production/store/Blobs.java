package dev.accrete.production.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Originals, named by their digest. */
final class Blobs {
  /** Gives the bytes of one. */
  interface Content {
    byte[] bytes(int number) throws IOException;
  }

  private final Core core;

  Blobs(Core core) {
    this.core = core;
  }

  /**
   * Writes those that are not there, and waits until they and their names are on the disk.
   *
   * @param scratch a folder of its own on the same disk
   */
  void write(List<String> digests, Content content, Path scratch) throws IOException {
    Set<Path> touched = ConcurrentHashMap.newKeySet();
    Set<Path> made = ConcurrentHashMap.newKeySet();
    Parallel.wait(
        digests.size(),
        number -> {
          Path target = core.home().blob(digests.get(number));
          Path folder = target.resolveSibling(".").normalize();
          if (Files.exists(target)) {
            return;
          }
          Path temporary = scratch.resolve(digests.get(number));
          core.disk().write(temporary, List.of(content.bytes(number)));
          if (core.disk().makeFolder(folder)) {
            made.add(folder);
          }
          core.disk().move(temporary, target);
          touched.add(folder);
        });
    List<Path> folders = List.copyOf(touched);
    Parallel.wait(folders.size(), number -> core.disk().sync(folders.get(number)));
    if (!made.isEmpty()) {
      core.disk().sync(core.home().blobs());
    }
  }
}
