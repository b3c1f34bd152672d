package dev.accrete.production.ingest;

import dev.accrete.cl.data.DataException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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

/**
 * A CSV (RFC 4180, UTF-8) with the header {@code path,label[,subject][,...]}: a line per image.
 * Paths are relative to the CSV's folder; further columns are metadata.
 */
public final class CsvSource implements Source {
  private static final long MAX_BYTES = 256L << 20;
  private static final String PATH = "path";
  private static final String LABEL = "label";
  private static final String SUBJECT = "subject";

  private final Path file;

  /** The images that a CSV names. */
  public CsvSource(Path file) {
    this.file = file.toAbsolutePath().normalize();
  }

  @Override
  public String day() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  @Override
  public String description() {
    return file.toString();
  }

  @Override
  public Listing open() {
    List<Csv.Row> rows = Csv.parse(file.toString(), text());
    if (rows.isEmpty()) {
      throw new DataException(file + " is empty; its first line must be path,label[,subject]");
    }
    List<String> header = header(rows.getFirst());
    List<Item> items = new ArrayList<>();
    Map<String, String> seen = new TreeMap<>();
    for (Csv.Row row : rows.subList(1, rows.size())) {
      Item item = item(header, row);
      String before = seen.putIfAbsent(item.name(), item.label());
      if (before == null) {
        items.add(item);
      } else {
        throw new DataException(
            file + " line " + row.line() + " names " + item.name() + " again; leave one of them");
      }
    }
    if (items.isEmpty()) {
      throw new DataException(file + " names no image; add a line for each");
    }
    items.sort((a, b) -> a.name().compareTo(b.name()));
    return Listing.of(items, Map.of());
  }

  private String text() {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new DataException(
            file + " has more than " + MAX_BYTES + " bytes; make several of it");
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new DataException(file + " is no UTF-8 text; save it as such", e);
    } catch (IOException e) {
      throw new DataException("cannot read " + file + ": " + e + "; check its permissions", e);
    }
  }

  private List<String> header(Csv.Row row) {
    List<String> header =
        row.fields().stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    Set<String> names = new HashSet<>();
    for (String name : header) {
      if (name.isEmpty() || !names.add(name)) {
        throw new DataException(
            file + ": column '" + name + "' of the header is blank or stands there twice");
      }
    }
    if (!names.contains(PATH) || !names.contains(LABEL)) {
      throw new DataException(
          file
              + " begins with "
              + String.join(",", row.fields())
              + "; its first line must be path,label[,subject][,...]");
    }
    return header;
  }

  private Item item(List<String> header, Csv.Row row) {
    if (row.fields().size() != header.size()) {
      throw new DataException(
          file
              + " line "
              + row.line()
              + " has "
              + row.fields().size()
              + " fields, the header "
              + header.size()
              + "; quote fields that hold commas");
    }
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i < header.size(); i++) {
      String value = row.fields().get(i).strip();
      if (!value.isEmpty()) {
        fields.put(header.get(i), value);
      }
    }
    Optional<String> name = Optional.ofNullable(fields.remove(PATH));
    Optional<String> label = Optional.ofNullable(fields.remove(LABEL));
    Optional<String> subject = Optional.ofNullable(fields.remove(SUBJECT));
    if (name.isEmpty() || label.isEmpty()) {
      throw new DataException(
          file + " line " + row.line() + " lacks a path or a label; fill it in");
    }
    Path image = image(name.get(), row.line());
    return new Item(
        name.get().replace('\\', '/'),
        label.get(),
        subject,
        fields,
        Optional.empty(),
        () -> ImageNames.read(image));
  }

  private Path image(String name, int line) {
    try {
      return file.resolveSibling(name);
    } catch (java.nio.file.InvalidPathException e) {
      throw new DataException(file + " line " + line + ": " + e.getMessage(), e);
    }
  }
}
