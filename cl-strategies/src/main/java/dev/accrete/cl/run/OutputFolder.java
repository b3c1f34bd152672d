package dev.accrete.cl.run;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a folder must be before results are written to it. */
public final class OutputFolder {
  private static final int SHOWN = 3;
  private static final String TEMPORARY = ".tmp";

  private OutputFolder() {}

  /**
   * Makes a folder for new results.
   *
   * @param lock the name of the file that a start which failed early leaves behind
   * @param apart folders that are read: neither may lie in the other
   * @throws AccreteException if there are other files in it, it lies in one of {@code apart} or
   *     around it, or it cannot be written
   */
  public static void create(Path folder, String lock, Collection<Path> apart) {
    requireApart(folder, apart);
    try {
      Files.createDirectories(folder);
      List<String> foreign = foreign(folder, lock);
      if (!foreign.isEmpty()) {
        throw new AccreteException(
            folder
                + " is not empty (it holds "
                + foreign.stream().limit(SHOWN).collect(Collectors.joining(", "))
                + (foreign.size() > SHOWN ? ", ..." : "")
                + "): name a new or an empty folder with --out");
      }
    } catch (IOException e) {
      throw Errors.unwritable(folder, e);
    }
  }

  private static List<String> foreign(Path folder, String lock) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.equals(lock) && !name.endsWith(TEMPORARY))
          .sorted()
          .toList();
    }
  }

  /**
   * Checks that results would not be written among what is read, nor around it.
   *
   * @throws AccreteException naming both folders if they would
   */
  public static void requireApart(Path folder, Collection<Path> apart) {
    Path out = real(folder);
    for (Path read : apart) {
      Path data = real(read);
      if (out.startsWith(data)) {
        throw new AccreteException(
            "--out "
                + folder
                + " lies in the data folder "
                + read
                + ", its files would be taken for data: name a folder elsewhere with --out");
      }
      if (data.startsWith(out)) {
        throw new AccreteException(
            "the data folder "
                + read
                + " lies in --out "
                + folder
                + ": name a folder for the results alone with --out");
      }
    }
  }

  /** Without symbolic links, as far as the path exists. */
  private static Path real(Path path) {
    Path whole = path.toAbsolutePath().normalize();
    Path known = whole;
    while (known.getParent() != null && !Files.exists(known)) {
      known = known.getParent();
    }
    try {
      return known.toRealPath().resolve(known.relativize(whole)).normalize();
    } catch (IOException e) {
      return whole; // unreadable: opening it will say why
    }
  }
}
