package dev.accrete.bench.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoreConfig;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreContentTest {
  @TempDir private Path folder;

  private static byte[] png(int seed) throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, random.nextInt(1 << 24));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private List<String> store(String name, int... images) throws IOException {
    Path policy = folder.resolve("policy.yaml");
    Files.writeString(policy, "ingest:\n  duplicate-distance: off\n");
    List<Item> items =
        IntStream.of(images)
            .mapToObj(
                seed -> Item.of(seed + ".png", seed % 2 == 0 ? "cat" : "dog", () -> png(seed)))
            .toList();
    Path place = folder.resolve(name);
    StoreConfig config =
        StoreConfig.of(LearnerConfig.of("small-cnn", 16, "slda")).withPolicy(policy);
    try (Store store = Store.init(place, config)) {
      store.ingest(
          Source.of("monday", items),
          IngestOptions.defaults().withNewClasses(),
          ProgressListener.NONE);
    }
    return StoreContent.of(place);
  }

  @Test
  void storesThatWereFedAlikeAreEqualAndOthersAreNot() throws IOException {
    List<String> one = store("one", 1, 2, 3, 4);
    assertThat(one).noneMatch(line -> line.startsWith("wrong") || line.startsWith("left"));
    assertThat(KillsCommand.difference(one, store("two", 1, 2, 3, 4))).isEmpty();
    assertThat(KillsCommand.difference(one, store("three", 1, 2, 3, 5)))
        .anyMatch(line -> line.startsWith("- day monday"))
        .anyMatch(line -> line.startsWith("+ day monday"));
  }

  @Test
  void aLineThatIsThereTwiceIsADifference() {
    assertThat(KillsCommand.difference(List.of("a", "b"), List.of("a", "a")))
        .containsExactly("- b", "+ a");
  }
}
