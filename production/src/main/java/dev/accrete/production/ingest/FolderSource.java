package dev.accrete.production.ingest;

import dev.accrete.cl.data.DataException;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;

/** A folder of class folders, or of {@code train/} and {@code test/} with such in them. */
public final class FolderSource implements Source {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_FILES = 10_000_000;

  private final Path root;

  /** The images below a folder. */
  public FolderSource(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public String day() {
    return String.valueOf(root.getFileName());
  }

  @Override
  public String description() {
    return root.toString();
  }

  @Override
  public Listing open() {
    return open(ClassFolders::listing);
  }

  Listing open(ClassFolders.Labelling labelling) {
    ClassFolders folders = new ClassFolders("folder " + root);
    try {
      Files.walkFileTree(
          root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, new Visitor(folders));
    } catch (FileSystemLoopException e) {
      throw new DataException(
          "the symbolic link " + e.getMessage() + " leads back to a folder that it lies in", e);
    } catch (IOException e) {
      throw new DataException(
          "cannot list " + root + ": " + e + "; check the path and its permissions", e);
    }
    return labelling.list(folders, () -> {});
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final ClassFolders folders;
    private int files;

    Visitor(ClassFolders folders) {
      this.folders = folders;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (++files > MAX_FILES) {
        throw new DataException(root + " holds more than " + MAX_FILES + " files; ingest parts");
      }
      String name = root.relativize(file).toString().replace(File.separatorChar, '/');
      if (attributes.isDirectory()) {
        throw new DataException(
            "folder " + file + " lies more than " + MAX_DEPTH + " levels deep; move it up");
      }
      folders.add(name, () -> ImageNames.read(file));
      return FileVisitResult.CONTINUE;
    }

    /** A file that cannot be looked at is one image that cannot be read, not a broken day. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof FileSystemLoopException || file.equals(root) || Files.isDirectory(file)) {
        throw e;
      }
      folders.add(
          root.relativize(file).toString().replace(File.separatorChar, '/'),
          () -> {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
          });
      return FileVisitResult.CONTINUE;
    }
  }
}
