package com.example;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.DataProvider;
import dev.accrete.cl.data.DataSource;
import dev.accrete.cl.data.LabelledData;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Data in a database: the text after {@code --data} is the URL that the driver wants. */
public final class JdbcData implements DataProvider {
  @Override public String name() { return "jdbc"; }
  @Override public String usage() { return "jdbc:DRIVER:DATABASE"; }
  @Override public String description() { return "a table image(id, split, label, content)"; }

  @Override public Optional<String> check(Optional<String> argument) {
    if (argument.filter(url -> url.contains(":")).isEmpty()) {
      throw new IllegalArgumentException("data 'jdbc' names no database; write " + usage());
    }
    return argument;
  }

  @Override public DataSource open(Optional<String> argument) {
    String url = name() + ":" + argument.orElseThrow();
    List<String> classes = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement query = connection.createStatement()) {
      ResultSet found = query.executeQuery("SELECT DISTINCT label FROM image ORDER BY label");
      while (found.next()) {
        classes.add(found.getString(1));
      }
    } catch (SQLException e) {
      throw new DataException("cannot open " + url + ": " + e.getMessage(), e);
    }
    return size ->
        new LabelledData(
            JdbcImages.of(url, "train", size, List.copyOf(classes)),
            JdbcImages.of(url, "test", size, List.copyOf(classes)));
  }
}
