package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the native part of SQLite is unpacked: into a folder of this process, which is removed when
 * it ends, or by a later process if it was killed.
 */
final class NativeSqlite {
  private static final Logger LOG = LoggerFactory.getLogger(NativeSqlite.class);
  private static final String FOLDER = "org.sqlite.tmpdir";
  private static final String LIBRARY = "org.sqlite.lib.path";
  private static final String PREFIX = "accrete-sqlite-";
  private static final Pattern OURS = Pattern.compile(PREFIX + "(\\d{1,18})-.*");

  private static boolean prepared;

  private NativeSqlite() {}

  /** Must come before the first connection of the process. */
  static synchronized void prepare() {
    if (prepared || System.getProperty(FOLDER) != null || System.getProperty(LIBRARY) != null) {
      return;
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir", "."));
    try {
      sweep(temporary);
      Path folder =
          Files.createTempDirectory(temporary, PREFIX + ProcessHandle.current().pid() + "-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
      System.setProperty(FOLDER, folder.toString());
      prepared = true;
    } catch (IOException e) {
      throw new AccreteException(
          "cannot unpack the database's library to "
              + temporary
              + " ("
              + e
              + "): name a folder that may be written to with -Djava.io.tmpdir=DIR",
          e);
    }
  }

  /** Removes what killed processes left. */
  static void sweep(Path temporary) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path folder : folders) {
        Matcher name = OURS.matcher(folder.getFileName().toString());
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
          remove(folder);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.debug("{} stays for now: {}", folder, e.toString());
    }
  }
}
