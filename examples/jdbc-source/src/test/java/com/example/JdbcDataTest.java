package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.DamagedImageException;
import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.LabelledData;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcDataTest {
  private static final String URL = "jdbc:h2:mem:shop";
  private static final List<String> LABELS = List.of("tomato", "lime");

  private final Random random = new Random(5);
  private Connection connection;

  @BeforeEach
  void fillTheTable() throws SQLException, IOException {
    connection = DriverManager.getConnection(URL); // keeps the database alive
    connection
        .createStatement()
        .execute(
            "CREATE TABLE image(id IDENTITY, split VARCHAR(8), label VARCHAR(64), content BLOB)");
    for (int i = 0; i < 64; i++) {
      int label = i % 2;
      insert(i < 48 ? "train" : "test", LABELS.get(label), picture(label));
    }
  }

  @AfterEach
  void forget() throws SQLException {
    connection.close();
  }

  private void insert(String split, String label, byte[] content) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO image(split, label, content) VALUES (?, ?, ?)")) {
      insert.setString(1, split);
      insert.setString(2, label);
      insert.setBytes(3, content);
      insert.execute();
    }
  }

  /** A red or a green picture, of any brightness. */
  private byte[] picture(int label) throws IOException {
    BufferedImage image = new BufferedImage(24, 20, BufferedImage.TYPE_INT_RGB);
    Graphics2D paint = image.createGraphics();
    int light = 120 + random.nextInt(120);
    paint.setColor(label == 0 ? new Color(light, 40, 30) : new Color(40, light, 30));
    paint.fillRect(0, 0, 24, 20);
    paint.dispose();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(image, "png", file);
    return file.toByteArray();
  }

  private static LabelledData data() {
    return DataSpec.parse(URL).open().labelled(16);
  }

  @Test
  void aLearnerLearnsFromTheTable() {
    LearnerConfig config =
        LearnerConfig.of("small-cnn", 16, "naive")
            .withSettings(java.util.Map.of("mini-batch", "16", "first.learning-rate", "0.05"));
    ImageSet test = data().test();
    try (Backend backend = Backends.create("reference", new BackendOptions(1));
        ContinualLearner learner = ContinualLearner.create(config, backend)) {
      learner.learn(data().train());
      List<String> truth =
          IntStream.range(0, test.size())
              .mapToObj(i -> test.classNames().get(test.label(i)))
              .toList();
      assertThat(learner.predict(test)).isEqualTo(truth);
    }
  }

  @Test
  void theFingerprintFollowsTheContent() throws SQLException, IOException {
    String before = data().train().fingerprint();
    assertThat(data().train().fingerprint()).isEqualTo(before);
    insert("train", "lime", picture(1));
    assertThat(data().train().fingerprint()).isNotEqualTo(before);
  }

  @Test
  void aDamagedRowIsNamed() throws SQLException {
    insert("train", "lime", new byte[] {1, 2, 3});
    ImageSet train = data().train();
    assertThatThrownBy(() -> train.read(train.size() - 1, new byte[3 * 16 * 16], 0))
        .isInstanceOf(DamagedImageException.class)
        .hasMessageContaining("row 65 of " + URL);
  }

  @Test
  void aSpecWithoutADatabaseIsRefused() {
    assertThatThrownBy(() -> DataSpec.parse("jdbc"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:DRIVER:DATABASE");
  }
}
