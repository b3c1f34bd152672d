package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.learner.LearnerConfig;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SorterTest {
  private static final int SIDE = 16;
  private static final int PLANE = SIDE * SIDE;
  private static final List<String> CRATES = List.of("apple", "kiwi", "plum");
  private static final LearnerConfig CONFIG =
      LearnerConfig.of("small-cnn", SIDE, "ar1-star")
          .withRoom(3)
          .withSettings(
              Map.of(
                  "mini-batch", "16",
                  "first.learning-rate", "0.05",
                  "first.epochs", "8",
                  "first.averaging", "0.8"));

  /** Pictures of one colour with noise. */
  private static ImageSet day(long seed, int... crates) {
    Random random = new Random(seed);
    int count = 48;
    byte[] pixels = new byte[count * 3 * PLANE];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = crates[i % crates.length];
      for (int p = 0; p < 3 * PLANE; p++) {
        int light = p / PLANE == labels[i] ? 160 : 60;
        pixels[i * 3 * PLANE + p] = (byte) (light + random.nextInt(60));
      }
    }
    return new InMemoryImageSet("day " + seed, SIDE, SIDE, CRATES, labels, pixels);
  }

  private static byte[] jpeg(Color colour) throws IOException {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    Graphics2D paint = image.createGraphics();
    paint.setColor(colour);
    paint.fillRect(0, 0, 64, 48);
    paint.dispose();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "jpg", file)).isTrue();
    return file.toByteArray();
  }

  @Test
  void learnsDaysInTwoLivesAndSortsAJpeg(@TempDir Path parent) throws IOException {
    Path folder = parent.resolve("learner");
    ListAppender<ILoggingEvent> seen = new ListAppender<>();
    seen.start();
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(seen);
    try (Sorter sorter = new Sorter(folder, CONFIG)) {
      sorter.evening(day(1, 0, 1));
    }
    try (Sorter sorter = new Sorter(folder, CONFIG)) {
      sorter.evening(day(2, 0, 1));
      assertThat(sorter.sort(jpeg(new Color(190, 90, 90))).best().name()).isEqualTo("apple");
      assertThat(sorter.sort(jpeg(new Color(90, 190, 90))).best().name()).isEqualTo("kiwi");
    }
    assertThat(seen.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.startsWith("1 days learned"))
        .anyMatch(line -> line.startsWith("day 2: 48 images of 2 classes"))
        .anyMatch(line -> line.endsWith("bytes are a kiwi"));
  }

  @Test
  void logbackAloneLogs() {
    assertThat(LoggerFactory.getILoggerFactory()).isInstanceOf(LoggerContext.class);
    assertThat(System.getLogger("dev.accrete").getClass().getName()).startsWith("org.slf4j");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "picocli.CommandLine",
        "org.slf4j.simple.SimpleLogger",
        "me.tongfei.progressbar.ProgressBar",
        "dev.accrete.app.Main"
      })
  void nothingOfTheCommandLineComesAlong(String type) {
    assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
  }
}
