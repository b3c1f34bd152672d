package dev.accrete.production.ingest;

import dev.accrete.cl.data.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A day's labelled images, wherever they are. */
public interface Source {
  /** What the day is called if nobody says so. */
  String day();

  /** Where it is, for messages and the record. */
  String description();

  /**
   * Lists its images without decoding them.
   *
   * @throws DataException if it is not there, or is not what it should be
   */
  Listing open();

  /**
   * A folder of class folders, a folder with {@code train/} and {@code test/}, a ZIP of class
   * folders, or a CSV of paths and labels, as its name and content tell.
   *
   * @throws DataException if there is nothing, or something else
   */
  static Source of(Path path) {
    if (Files.isDirectory(path)) {
      return new FolderSource(path);
    }
    if (!Files.exists(path)) {
      throw new DataException(
          "there is no " + path + ": name a folder of class folders, a ZIP of them, or a CSV");
    }
    if (!Files.isRegularFile(path)) {
      throw new DataException(path + " is no regular file: name a folder, a ZIP or a CSV");
    }
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip")) {
      return new ZipSource(path);
    }
    if (name.endsWith(".csv")) {
      return new CsvSource(path);
    }
    throw new DataException(
        path
            + " is neither a folder nor a .zip nor a .csv: name a folder of class folders, a ZIP"
            + " of them, or a CSV with the header path,label");
  }

  /** Images that a program holds. */
  static Source of(String day, List<Item> items) {
    List<Item> kept = List.copyOf(items);
    return new Source() {
      @Override
      public String day() {
        return day;
      }

      @Override
      public String description() {
        return kept.size() + " images";
      }

      @Override
      public Listing open() {
        return Listing.of(kept, Map.of());
      }
    };
  }
}
