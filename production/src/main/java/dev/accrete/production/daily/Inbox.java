package dev.accrete.production.daily;

import dev.accrete.cl.data.DataException;
import dev.accrete.production.ingest.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A folder in which every folder, ZIP or CSV is a day, in the order of their names: {@code
 * 2026-03-01}, {@code 2026-03-02.zip}, ... What begins with a dot or an underscore, and what ends
 * in {@code .part} or {@code .tmp}, is still on its way.
 *
 * @param days one after another
 * @param passedOver names that are neither
 */
public record Inbox(List<Source> days, List<String> passedOver) {
  /** Copies the lists. */
  public Inbox {
    days = List.copyOf(days);
    passedOver = List.copyOf(passedOver);
  }

  /**
   * Looks into a folder.
   *
   * @throws DataException if there is none
   */
  public static Inbox of(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          "there is no folder "
              + folder
              + ": name one in which every folder, .zip or .csv is a day");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> all =
          entries
              .filter(path -> !isOnItsWay(name(path)))
              .sorted((a, b) -> name(a).compareTo(name(b)))
              .toList();
      return new Inbox(
          all.stream().filter(Inbox::isDay).map(Source::of).toList(),
          all.stream().filter(path -> !isDay(path)).map(Inbox::name).toList());
    } catch (IOException e) {
      throw new DataException("cannot list " + folder + ": " + e + "; check its permissions", e);
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static boolean isOnItsWay(String name) {
    return name.startsWith(".")
        || name.startsWith("_")
        || name.endsWith(".part")
        || name.endsWith(".tmp");
  }

  private static boolean isDay(Path path) {
    String name = name(path).toLowerCase(Locale.ROOT);
    return Files.isDirectory(path) || name.endsWith(".zip") || name.endsWith(".csv");
  }
}
