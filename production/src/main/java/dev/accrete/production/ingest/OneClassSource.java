package dev.accrete.production.ingest;

import dev.accrete.cl.data.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Images of one class in folders, ZIPs and files; what the folders are called says nothing. */
public final class OneClassSource implements Source {
  private final String day;
  private final String label;
  private final Optional<String> subject;
  private final List<Path> places;

  /**
   * Images of a class.
   *
   * @param subject whom or what all of them show, if that is known
   * @param places folders, files that end in .zip, and image files
   */
  public OneClassSource(String day, String label, Optional<String> subject, List<Path> places) {
    this.day = day;
    this.label = label;
    this.subject = subject;
    this.places = List.copyOf(places);
  }

  @Override
  public String day() {
    return day;
  }

  @Override
  public String description() {
    return String.join(", ", places.stream().map(String::valueOf).toList());
  }

  @Override
  public Listing open() {
    List<Listing> opened = new ArrayList<>();
    boolean listed = false;
    try {
      for (Path place : places) {
        opened.add(open(place));
      }
      Listing together = together(opened);
      listed = true;
      return together;
    } finally {
      if (!listed) {
        opened.forEach(Listing::close);
      }
    }
  }

  private Listing open(Path place) {
    if (Files.isDirectory(place)) {
      return new FolderSource(place).open(this::ofClass);
    }
    if (!Files.exists(place)) {
      throw new DataException("there is no " + place + ": name a folder, a ZIP or an image file");
    }
    String name = String.valueOf(place.getFileName());
    return name.toLowerCase(Locale.ROOT).endsWith(".zip")
        ? new ZipSource(place).open(this::ofClass)
        : Listing.of(List.of(item(name, () -> ImageNames.read(place))), Map.of());
  }

  private Listing ofClass(ClassFolders files, AutoCloseable resource) {
    return files.ofClass(label, subject, resource);
  }

  private Item item(String name, Item.Content content) {
    return new Item(name, label, subject, Map.of(), Optional.empty(), content);
  }

  /** Files of the same name may lie in several places. */
  private Listing together(List<Listing> listings) {
    Set<String> taken = new HashSet<>();
    List<Item> items = new ArrayList<>();
    Map<String, Integer> ignored = new TreeMap<>();
    for (Listing listing : listings) {
      listing.ignored().forEach((kind, count) -> ignored.merge(kind, count, Integer::sum));
      for (Item item : listing.items()) {
        String name = item.name();
        for (int other = 2; !taken.add(name); other++) {
          name = other + "/" + item.name();
        }
        items.add(item(name, item.content()));
      }
    }
    return new Listing(items, ignored, () -> listings.forEach(Listing::close));
  }
}
