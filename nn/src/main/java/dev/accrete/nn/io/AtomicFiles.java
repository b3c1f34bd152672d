package dev.accrete.nn.io;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes files so that, whenever the process or the machine stops, either the old or the new
 * contents are there: a temporary file beside the target, fsync, rename, fsync of the folder.
 */
public final class AtomicFiles {
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
    Path temporary = folder.resolve(target.getFileName() + ".tmp");
    try {
      writeAndForce(temporary, parts);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(folder);
    } catch (IOException e) {
      AccreteException failure =
          new AccreteException(
              "cannot write "
                  + file
                  + " ("
                  + reason(e)
                  + "); check that the folder exists and may be written to, and that the disk has"
                  + " room. What was there before is untouched",
              e);
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException left) {
        failure.addSuppressed(left);
      }
      throw failure;
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
