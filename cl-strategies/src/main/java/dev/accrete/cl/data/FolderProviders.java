package dev.accrete.cl.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Labelled sets that lie in a folder. */
abstract class FolderProviders implements DataProvider {
  private final String name;
  private final String description;

  private FolderProviders(String name, String description) {
    this.name = name;
    this.description = description;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String usage() {
    return name + ":DIR";
  }

  @Override
  public final String description() {
    return description;
  }

  @Override
  public final Optional<String> check(Optional<String> argument) {
    return DataProvider.folder(this, argument);
  }

  @Override
  public final Optional<Path> location(Optional<String> argument) {
    return argument.map(Path::of);
  }

  @Override
  public final DataSource open(Optional<String> argument) {
    Path folder = Path.of(argument.orElseThrow());
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          "data folder "
              + folder
              + (Files.exists(folder) ? " is not a folder" : " does not exist")
              + "; write "
              + usage()
              + " with the folder that holds the data");
    }
    return source(folder);
  }

  /** The data in a folder that exists. */
  abstract DataSource source(Path folder);

  /** Class folders need no second split to be tested with, or to be learned as a day. */
  private static DataSource ofClasses(Path folder, OnIgnored ignored) {
    return new DataSource() {
      @Override
      public LabelledData labelled(int size) {
        return ImageFolder.open(folder, size, ignored);
      }

      @Override
      public ImageSet test(int size) {
        if (Files.isDirectory(folder.resolve("train"))) {
          return ImageFolder.test(folder, size, ignored);
        }
        for (String split : List.of("test", "val")) {
          if (Files.isDirectory(folder.resolve(split))) {
            return ImageFolder.alone(folder.resolve(split), size, ignored);
          }
        }
        return ImageFolder.alone(folder, size, ignored);
      }

      @Override
      public ImageSet day(int size) {
        return Files.isDirectory(folder.resolve("train"))
            ? ImageFolder.train(folder, size, ignored)
            : ImageFolder.alone(folder, size, ignored);
      }
    };
  }

  /** {@link ImageFolder}. */
  public static final class Folder extends FolderProviders {
    /** A provider. */
    public Folder() {
      super("images", "image files in train/<class>/ and test/<class>/ or val/<class>/");
    }

    @Override
    DataSource source(Path folder) {
      return ofClasses(folder, OnIgnored.REPORT);
    }
  }

  /** {@link ImageFolder} that insists on every file. */
  public static final class StrictFolder extends FolderProviders {
    /** A provider. */
    public StrictFolder() {
      super("images-strict", "the same as images, but a file that is no image is an error");
    }

    @Override
    DataSource source(Path folder) {
      return ofClasses(folder, OnIgnored.FAIL);
    }
  }

  /** {@link Cifar10Binary}. */
  public static final class Cifar10 extends FolderProviders {
    /** A provider. */
    public Cifar10() {
      super("cifar10", "CIFAR-10, the binary version, unpacked");
    }

    @Override
    DataSource source(Path folder) {
      return size ->
          new LabelledData(Cifar10Binary.train(folder, size), Cifar10Binary.test(folder, size));
    }
  }

  /** {@link Idx}. */
  public static final class IdxFiles extends FolderProviders {
    /** A provider. */
    public IdxFiles() {
      super("idx", "MNIST and its kin, in IDX files");
    }

    @Override
    DataSource source(Path folder) {
      return size -> new LabelledData(Idx.train(folder, size), Idx.test(folder, size));
    }
  }
}
