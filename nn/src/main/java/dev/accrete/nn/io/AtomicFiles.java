package dev.accrete.nn.io;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Writes files so that, whenever the process or the machine stops, either the old or the new
 * contents are there: a temporary file of its own beside the target, fsync, rename, fsync of the
 * folder.
 */
public final class AtomicFiles {
  private static final String ENDING = ".tmp";
  private static final Duration ABANDONED = Duration.ofHours(1);

  private AtomicFiles() {}

  /**
   * Replaces a file by the concatenation of {@code parts}; its folder must exist.
   *
   * @throws AccreteException if that fails; the old file is then untouched
   */
  public static void write(Path file, List<byte[]> parts) {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new AccreteException("cannot write " + file + ": it is not the name of a file");
    }
    String random = HexFormat.of().toHexDigits(UUID.randomUUID().getLeastSignificantBits());
    write(file, folder, folder.resolve(target.getFileName() + "." + random + ENDING), parts);
  }

  /** A seam, so that tests can have a device that is full. */
  static void write(Path file, Path folder, Path temporary, List<byte[]> parts) {
    Path target = file.toAbsolutePath();
    try {
      sweep(folder, String.valueOf(target.getFileName()));
      writeAndForce(temporary, parts);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(folder);
    } catch (IOException e) {
      throw new AccreteException(
          "cannot write "
              + file
              + " ("
              + reason(e)
              + "); check that the folder exists and may be written to, and that the disk has"
              + " room. What was there before is untouched",
          e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  /** Removes what processes that were killed left of the same file, but nothing in the making. */
  private static void sweep(Path folder, String name) throws IOException {
    Pattern leftover = Pattern.compile(Pattern.quote(name) + "(\\.[0-9a-f]{16})?\\" + ENDING);
    Instant limit = Instant.now().minus(ABANDONED);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            folder, file -> leftover.matcher(file.getFileName().toString()).matches())) {
      for (Path file : files) {
        if (isOlder(file, limit)) {
          deleteQuietly(file);
        }
      }
    } catch (AccessDeniedException e) {
      // A folder that may be written to but not listed keeps what is in it.
      return;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static boolean isOlder(Path file, Instant limit) {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(limit);
    } catch (IOException e) {
      return false; // somebody else removed it
    }
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      return; // it is swept an hour later, and whatever came before says more
    }
  }

  private static void writeAndForce(Path file, List<byte[]> parts) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (byte[] part : parts) {
        ByteBuffer buffer = ByteBuffer.wrap(part);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      channel.force(true);
    }
  }

  /** A rename is durable once the folder is; Windows has no way to ask for it, and needs none. */
  private static void forceFolder(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Exceptions of java.nio often say no more than the file's name; their class then says why. */
  static String reason(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
