package dev.accrete.production.daily;

import dev.accrete.cl.data.DataException;
import dev.accrete.production.ingest.Listing;
import dev.accrete.production.ingest.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder in which every folder, ZIP or CSV is a day, in the order of their names: {@code
 * 2026-03-01}, {@code 2026-03-02.zip}, ... What begins with a dot or an underscore, and what ends
 * in {@code .part} or {@code .tmp}, is still on its way, or belongs to others, as the images of a
 * CSV do.
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
          days(all.stream().filter(Inbox::isDay).toList()),
          all.stream().filter(path -> !isDay(path)).map(Inbox::name).toList());
    } catch (IOException e) {
      throw new DataException("cannot list " + folder + ": " + e + "; check its permissions", e);
    }
  }

  /** Each could be the only one that cannot be read: that is found when its turn has come. */
  private static List<Source> days(List<Path> paths) {
    Map<String, String> names = new TreeMap<>();
    List<Source> days = new ArrayList<>();
    for (Path path : paths) {
      days.add(source(path, names));
    }
    return days;
  }

  private static Source source(Path path, Map<String, String> names) {
    try {
      Source source = Source.of(path);
      String other = names.putIfAbsent(source.day(), name(path));
      return other == null
          ? source
          : new Unreadable(
              name(path),
              path + " would be the day " + source.day() + ", as " + other + " is; rename one");
    } catch (DataException e) {
      return new Unreadable(name(path), String.valueOf(e.getMessage()));
    }
  }

  /** What is known to be no day. */
  private record Unreadable(String day, String description) implements Source {
    @Override
    public Listing open() {
      throw new DataException(description);
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
