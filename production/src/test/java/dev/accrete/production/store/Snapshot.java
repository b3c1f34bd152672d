package dev.accrete.production.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Everything that a store holds but how long it took and what is drawn at random. */
final class Snapshot {
  private Snapshot() {}

  static List<String> of(Path store) throws IOException, SQLException {
    List<String> lines = new ArrayList<>(rows(store.resolve("store.db")));
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = store.relativize(file).toString();
        if (!name.startsWith("store.")) {
          lines.add(name + " " + (isRandom(name) ? "" : Digests.of(file)));
        }
      }
    }
    return lines;
  }

  /** What one snapshot has and the other lacks. */
  static List<String> difference(List<String> expected, List<String> found) {
    List<String> difference = new ArrayList<>();
    expected.stream().filter(line -> !found.contains(line)).forEach(l -> difference.add("- " + l));
    found.stream().filter(line -> !expected.contains(line)).forEach(l -> difference.add("+ " + l));
    return difference;
  }

  /** Learners have an id drawn at random, cards say how many seconds it took. */
  private static boolean isRandom(String name) {
    return name.endsWith("learner.safetensors") || name.endsWith("card.json");
  }

  private static List<String> rows(Path database) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet names =
          statement.executeQuery(
              "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      for (String table : tables) {
        List<String> ofTable = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
          while (rows.next()) {
            StringBuilder line = new StringBuilder(table);
            for (int c = 1; c <= rows.getMetaData().getColumnCount(); c++) {
              line.append('|').append(rows.getString(c));
            }
            ofTable.add(comparable(table, line.toString()));
          }
        }
        lines.addAll(ofTable.stream().sorted().toList());
      }
    }
    return lines;
  }

  private static String comparable(String table, String line) {
    if (table.equals("meta") && (line.startsWith("meta|id") || line.startsWith("meta|salt"))) {
      return "";
    }
    String path = line.substring(line.indexOf('|') + 1).replaceFirst("\\|.*", "");
    if (table.equals("files") && isRandom(path)) {
      return "files|" + path;
    }
    if (table.equals("forgotten")) {
      return "forgotten";
    }
    return line.replaceAll("\"seconds\":[0-9.E-]+", "\"seconds\":");
  }
}
