package dev.accrete.spark;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for what the engine reads and writes as files only; gone when it is closed. */
record ScratchFolder(Path path) implements AutoCloseable {
  /**
   * Makes one where Java's temporary files lie.
   *
   * @throws AccreteException if it cannot
   */
  static ScratchFolder create() {
    try {
      return new ScratchFolder(Files.createTempDirectory("accrete-spark-"));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Writes a file into it. */
  Path write(String name, byte[] content) {
    try {
      return Files.write(path.resolve(name), content);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Reads a file of it. */
  byte[] read(String name) {
    try {
      return Files.readAllBytes(path.resolve(name));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static AccreteException failed(IOException e) {
    return new AccreteException(
        "cannot use the folder for temporary files, "
            + System.getProperty("java.io.tmpdir")
            + " ("
            + e
            + "): check that it may be written to and the disk has room",
        e);
  }
}
