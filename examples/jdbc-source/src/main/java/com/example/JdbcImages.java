package com.example;

import dev.accrete.cl.data.DamagedImageException;
import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.nn.image.ImageDecoder;
import dev.accrete.nn.image.ImageException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** One split of a table {@code image(id, split, label, content)}, decoded whenever it is read. */
record JdbcImages(
    String url, String name, int side, List<String> classNames, List<Row> rows, String fingerprint)
    implements ImageSet {
  record Row(long id, int label) {}

  static JdbcImages of(String url, String split, int side, List<String> classes) {
    List<Row> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT id, label, content FROM image WHERE split = ? ORDER BY id")) {
      MessageDigest key = MessageDigest.getInstance("SHA-256");
      key.update((ImageDecoder.VERSION + " " + side).getBytes(StandardCharsets.UTF_8));
      query.setString(1, split);
      ResultSet found = query.executeQuery();
      while (found.next()) {
        rows.add(new Row(found.getLong(1), classes.indexOf(found.getString(2))));
        byte[] content = found.getBytes(3);
        key.update((found.getString(2) + "/" + content.length + "/").getBytes(StandardCharsets.UTF_8));
        key.update(content);
      }
      String name = "jdbc-" + split;
      String fingerprint = HexFormat.of().formatHex(key.digest());
      return new JdbcImages(url, name, side, classes, List.copyOf(rows), fingerprint);
    } catch (SQLException | NoSuchAlgorithmException e) {
      throw new DataException("cannot read the images in " + url + ": " + e.getMessage(), e);
    }
  }

  @Override public void read(int index, byte[] destination, int offset) {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement query =
            connection.prepareStatement("SELECT content FROM image WHERE id = ?")) {
      query.setLong(1, rows.get(index).id());
      ResultSet found = query.executeQuery();
      if (!found.next()) {
        throw new DataException(describe(index) + " is gone since the start; start again");
      }
      ImageDecoder.decode(found.getBytes(1), describe(index), side, destination, offset);
    } catch (SQLException e) {
      throw new DataException("cannot read " + describe(index) + ": " + e.getMessage(), e);
    } catch (ImageException e) {
      throw new DamagedImageException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override public String describe(int index) { return "row " + rows.get(index).id() + " of " + url; }
  @Override public int label(int index) { return rows.get(index).label(); }
  @Override public int size() { return rows.size(); }
  @Override public int channels() { return 3; }
  @Override public int height() { return side; }
  @Override public int width() { return side; }
}
