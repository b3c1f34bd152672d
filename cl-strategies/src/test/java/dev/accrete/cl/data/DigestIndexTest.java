package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestIndexTest {
  private static final FileStamp STAMP = new FileStamp(10, 20, 30, 40);
  private static final long LATER = TimeUnit.SECONDS.toNanos(100);

  @TempDir Path root;

  private final byte[] digest = new byte[DigestIndex.DIGEST];

  private DigestIndex open() {
    return DigestIndex.open(root.resolve("cache"), root.resolve("data"));
  }

  private void remember(String name, FileStamp stamp) {
    DigestIndex index = open();
    index.add(name, stamp, LATER, digest);
    index.save();
  }

  @Test
  void remembersByStampAndKeepsWhatOthersAdded() {
    digest[7] = 9;
    DigestIndex before = open();
    remember("a/ä.png", STAMP);
    before.add("b", STAMP, LATER, digest);
    before.save();
    DigestIndex index = open();

    assertThat(index.find("a/ä.png", STAMP))
        .hasValueSatisfying(d -> assertThat(d[7]).isEqualTo((byte) 9));
    assertThat(index.find("b", STAMP)).isPresent();
    assertThat(index.find("a/ä.png", new FileStamp(10, 20, 31, 40))).isEmpty();
    assertThat(index.find("a/ä.png", new FileStamp(10, 20, 30, 41))).isEmpty();
    assertThat(index.find("c", STAMP)).isEmpty();
    assertThat(DigestIndex.open(root.resolve("cache"), root).find("b", STAMP)).isEmpty();
  }

  @Test
  void whatChangedJustNowIsNotRemembered() {
    remember("a", new FileStamp(10, 20, LATER - 1, 40));
    remember("b", new FileStamp(10, LATER + 5, 20, 40));
    remember("c", STAMP);
    DigestIndex index = open();

    assertThat(index.find("a", new FileStamp(10, 20, LATER - 1, 40))).isEmpty();
    assertThat(index.find("b", new FileStamp(10, LATER + 5, 20, 40))).isEmpty();
    assertThat(index.find("c", STAMP)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 11, 20, 60, 70})
  void aDamagedIndexIsPassedOver(int length) throws IOException {
    remember("a", STAMP);
    Path file;
    try (Stream<Path> list = Files.list(root.resolve("cache"))) {
      file = list.findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, length));
    assertThat(open().find("a", STAMP)).isEmpty();
    byte[] flipped = whole.clone();
    flipped[length] ^= 4;
    Files.write(file, flipped);
    assertThat(open().find("a", STAMP)).isEmpty();
    Files.write(file, whole);
    assertThat(open().find("a", STAMP)).isPresent();
  }

  @Test
  void aCacheThatCannotBeWrittenIsNoError() throws IOException {
    Files.writeString(root.resolve("cache"), "in the way");
    remember("a", STAMP);

    assertThat(open().find("a", STAMP)).isEmpty();
  }

  /** The same size and time of modification, but another content. */
  @Test
  void theStampSeesARewriteThatHidesItself() throws IOException, InterruptedException {
    Path file = Files.writeString(root.resolve("a"), "one");
    FileStamp before = FileStamp.of(file);
    Assumptions.assumeTrue(before.changed() != 0, "this file system has no time of change");
    FileTime time = Files.getLastModifiedTime(file);
    FileStamp after = before;
    for (int i = 0; i < 500 && after.changed() == before.changed(); i++) {
      Files.writeString(file, "two");
      Files.setLastModifiedTime(file, time);
      after = FileStamp.of(file);
      // Until the file system's clock ticks.
      Thread.sleep(1);
    }

    assertThat(after.modified()).isEqualTo(before.modified());
    assertThat(after.size()).isEqualTo(before.size());
    assertThat(after).isNotEqualTo(before);
  }
}
