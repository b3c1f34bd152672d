package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every change of a file goes through here, and is on the disk when the method returns. */
final class Disk {
  private final Probe probe;

  Disk(Probe probe) {
    this.probe = probe;
  }

  /** Writes a new file and waits for the disk; its name is durable once its folder is synced. */
  void write(Path file, List<byte[]> parts) throws IOException {
    probe.before("write " + file);
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

  /** Gives a file or folder another name, in one step; a file that has it is replaced. */
  void move(Path from, Path to) throws IOException {
    probe.before("move " + from + " to " + to);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes names in a folder durable; Windows has no way to ask for it, and needs none. */
  void sync(Path folder) throws IOException {
    probe.before("sync " + folder);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Makes a folder whose parent exists; true if it was not there. */
  boolean makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return false;
    }
    probe.before("make " + folder);
    try {
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false; // another thread was faster
    }
  }

  /** A second name for a file, or a copy where the file system has none. */
  void link(Path existing, Path name) throws IOException {
    probe.before("link " + name);
    try {
      Files.createLink(name, existing);
    } catch (UnsupportedOperationException | AccessDeniedException e) {
      write(name, List.of(Files.readAllBytes(existing)));
    }
  }

  /** Removes a file, or a folder with all that is in it; nothing if there is none. */
  void remove(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    probe.before("remove " + path);
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Stands for writes inside the library's own atomic files. */
  void outside(String operation) throws IOException {
    probe.before(operation);
  }

  /** What a failed operation means to the user. */
  static AccreteException failed(String doing, IOException e) {
    String reason =
        switch (e) {
          case AccessDeniedException denied -> "permission denied for " + denied.getFile();
          case NoSuchFileException missing -> "there is no " + missing.getFile();
          default -> String.valueOf(e.getMessage());
        };
    return new AccreteException(
        "cannot "
            + doing
            + " ("
            + reason
            + "): see to room on the disk and the right to write there, then do it again; the"
            + " store is as it was before",
        e);
  }
}
