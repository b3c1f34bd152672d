package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.IngestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage is found and named, leftovers are removed, and nothing else is. */
class CheckingTest {
  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();
  private Path home;
  private Store store;

  @BeforeEach
  void make() {
    home = folder.resolve("shop");
    store = Store.init(home, TestImages.config("slda"));
    for (int day = 0; day < 2; day++) {
      store.ingest(
          TestImages.day("day" + day, 20 * day, 20 * day + 12, "cat", "dog"),
          IngestOptions.defaults().withNewClasses(),
          ProgressListener.NONE);
      int id = store.update(backend, ProgressListener.NONE).orElseThrow().id();
      store.promote(id, Promotion.by("test").forced().because("test"));
    }
  }

  @AfterEach
  void close() {
    store.close();
    backend.close();
  }

  private List<String> wrong() {
    CheckReport report = store.check(ProgressListener.NONE);
    assertThat(report.isSound()).isFalse();
    return report.wrong();
  }

  private Path anyFile(String part) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve(part))) {
      return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home + "/store.db");
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  @Test
  void aSoundStoreIsSound() {
    CheckReport report = store.check(ProgressListener.NONE);
    assertThat(report.isSound()).isTrue();
    assertThat(report.originals()).isEqualTo(48);
    assertThat(report.files()).isEqualTo(2 + 2 * 4);
    assertThat(store.gc().removed()).isEmpty();
  }

  @Test
  void everyFileThatIsMissingOrChangedIsNamed() throws IOException {
    Path original = anyFile("blobs");
    flip(original);
    Files.delete(home.resolve("versions/000001/model.safetensors"));
    Path learner = home.resolve("versions/000002/learner/learner.safetensors");
    flip(learner);
    assertThat(wrong())
        .containsExactlyInAnyOrder(
            home.relativize(original) + " has other content than when it was written",
            "versions/000001/model.safetensors is missing",
            "versions/000002/learner/learner.safetensors has other content than when it was"
                + " written");
    assertThatThrownBy(() -> store.promote(1, Promotion.by("test")))
        .hasMessageContaining("not there any more");
    store.ingest(
        TestImages.day("day3", 100, 106, "cat"), IngestOptions.defaults(), ProgressListener.NONE);
    assertThatThrownBy(() -> store.update(backend, ProgressListener.NONE))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("learner.safetensors is damaged");
  }

  @Test
  void pixelsThatChangedAreNeverLearned() throws IOException {
    flip(home.resolve("pixels/000001.safetensors"));
    assertThat(wrong()).hasSize(1);
    assertThatThrownBy(
            () -> {
              try (StoredImages images = store.trainingImages("day0")) {
                byte[] pixels = new byte[3 * TestImages.SIDE * TestImages.SIDE];
                for (int i = 0; i < images.size(); i++) {
                  images.read(i, pixels, 0);
                }
              }
            })
        .isInstanceOf(DataException.class)
        .hasMessageContaining("have changed on the disk");
    Files.write(home.resolve("pixels/000001.safetensors"), new byte[10]);
    try (StoredImages images = store.trainingImages("day0")) {
      assertThatThrownBy(() -> images.read(0, new byte[10_000], 0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("has been cut");
    }
  }

  @Test
  void rowsThatDoNotAgreeAreNamed() throws SQLException {
    sql("UPDATE versions SET images = images + 1 WHERE id = 2");
    sql("DELETE FROM files WHERE path = 'versions/000001/model.safetensors'");
    sql("UPDATE images SET position = 500 WHERE id = 3");
    assertThat(wrong())
        .anyMatch(line -> line.contains("version 2 knows"))
        .anyMatch(line -> line.contains("version 1 has no row for"))
        .anyMatch(line -> line.contains("image 3 has no original or no pixels"));
  }

  @Test
  void leftoversAreNamedAndRemoved() throws IOException {
    List<String> left =
        List.of(
            "blobs/ab/" + "ab".repeat(32),
            "pixels/000009.safetensors",
            "versions/000009/model.safetensors",
            "tmp/op-killed/pixels");
    for (String name : left) {
      Files.createDirectories(home.resolve(name).resolveSibling("."));
      Files.writeString(home.resolve(name), "x");
    }
    CheckReport report = store.check(ProgressListener.NONE);
    assertThat(report.wrong()).isEmpty();
    assertThat(report.leftovers())
        .containsExactlyInAnyOrder(left.get(0), left.get(1), left.get(2), "tmp/op-killed");
    GcReport gc = store.gc();
    assertThat(gc.removed()).containsExactlyInAnyOrderElementsOf(report.leftovers());
    assertThat(gc.bytes()).isEqualTo(4);
    assertThat(home.resolve("versions/000009")).doesNotExist();
    assertThat(store.check(ProgressListener.NONE).isSound()).isTrue();
  }

  @Test
  void imagesOfPredictionsToComeAreNoLeftovers() {
    byte[] image = TestImages.png("cat", 900);
    String digest = store.keepImages(List.of(image)).getFirst();
    assertThat(store.check(ProgressListener.NONE).isSound()).isTrue();
    assertThat(store.gc().removed()).isEmpty();
    store.recordPrediction(
        new PredictionRecord("p", Instant.now(), 1, Optional.of(digest), "cat", 1, "{}"));
    assertThat(store.check(ProgressListener.NONE).originals()).isEqualTo(49);
    assertThat(store.original(digest)).hasBinaryContent(image);
  }

  @Test
  void oldFilesGoAsTheLimitsSay() {
    store.close();
    store = Store.open(home, StoreLimits.defaults().keeping(0, 0));
    store.ingest(
        TestImages.day("day3", 100, 106, "cat"), IngestOptions.defaults(), ProgressListener.NONE);
    int third = store.update(backend, ProgressListener.NONE).orElseThrow().id();
    assertThat(store.version(1).learner()).isEqualTo(Kept.KEPT);
    store.attach(1, "card.html", new byte[] {1});
    store.attach(2, "card.html", new byte[] {2});
    store.promote(third, Promotion.by("test").forced().because("test"));
    GcReport gc = store.gc();
    assertThat(gc.removed())
        .containsExactlyInAnyOrder(
            "versions/000001/attached/card.html",
            "versions/000001/learner",
            "versions/000001/model.safetensors");
    assertThat(store.attachment(1, "card.html")).isEmpty();
    assertThat(store.attachment(2, "card.html")).isPresent();
    assertThat(gc.bytes()).isPositive();
    assertThat(store.version(1).model()).isEqualTo(Kept.DROPPED);
    assertThat(store.aliases().previous()).hasValue(2);
    assertThat(store.model(2).classes()).containsExactly("cat", "dog");
    assertThatThrownBy(() -> store.model(1)).hasMessageContaining("not there any more (dropped)");
    assertThat(store.check(ProgressListener.NONE).isSound()).isTrue();
  }
}
