package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.ingest.Split;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is let in, what is set aside, and what becomes of a whole day. */
class AdmissionTest {
  private static final IngestOptions OPEN = IngestOptions.defaults().withNewClasses();

  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private Store store;

  @BeforeEach
  void make() {
    store = Store.init(folder.resolve("shop"), TestImages.config("slda"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private DayReport ingest(Source source, IngestOptions options) {
    return store.ingest(source, options, ProgressListener.NONE);
  }

  private static Item item(String name, String label, byte[] bytes) {
    return Item.of(name, label, () -> bytes);
  }

  /** The same picture in another file. */
  private static byte[] saved(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    image.setRGB(0, 0, image.getRGB(0, 0) ^ 0x010101);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", out)).isTrue();
    return out.toByteArray();
  }

  private static Map<String, Reason> reasons(DayReport report) {
    Map<String, Reason> reasons = new TreeMap<>();
    report.quarantine().forEach(image -> reasons.put(image.name(), image.reason()));
    return reasons;
  }

  /** An image whose content puts it into a split. */
  private static int inSplit(Split split, int from) {
    int number = from;
    while (Digests.share(Digests.of(TestImages.png("cat", number))) < 0.1
        != (split == Split.REGRESSION)) {
      number++;
    }
    return number;
  }

  @Test
  void everyKindOfBadImageIsSetAsideWithItsReason() throws IOException {
    ingest(TestImages.day("monday", 0, 20, "cat", "dog"), OPEN);
    int learned = inSplit(Split.TRAIN, 0);
    int alsoLearned = inSplit(Split.TRAIN, learned + 1);
    int held = inSplit(Split.REGRESSION, 0);
    int fresh = inSplit(Split.TRAIN, 100);
    List<Item> items = new ArrayList<>(TestImages.items(200, 215, "cat", "dog"));
    byte[] cut = TestImages.png("cat", 300);
    items.add(item("a-cut.png", "cat", Arrays.copyOf(cut, cut.length / 2)));
    items.add(
        new Item(
            "b-gone.png",
            "cat",
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            () -> {
              throw new IOException("no such file");
            }));
    items.add(item("c-other.png", "eel", TestImages.png("eel", 1)));
    items.add(item("d-blank.png", "cat", TestImages.blank(0x336699)));
    items.add(item("e-first.png", "cat", TestImages.png("cat", fresh)));
    items.add(item("f-twice.png", "cat", TestImages.png("cat", fresh)));
    items.add(item("g-before.png", "cat", TestImages.png("cat", learned)));
    items.add(item("h-near.png", "cat", saved(TestImages.png("cat", fresh))));
    items.add(item("i-label.png", "dog", TestImages.png("cat", alsoLearned)));
    items.add(item("j-near-label.png", "dog", saved(TestImages.png("cat", learned))));
    items.add(item("k-leak.png", "cat", saved(TestImages.png("cat", held))));
    items.add(item("l-either.png", "cat", TestImages.png("cat", fresh + 500)));
    items.add(item("m-or.png", "dog", TestImages.png("cat", fresh + 500)));
    DayReport report = ingest(Source.of("tuesday", items), IngestOptions.defaults());
    assertThat(report.day().state()).isEqualTo(DayState.INGESTED);
    Map<String, Reason> expected =
        new TreeMap<>(
            Map.of(
                "a-cut.png", Reason.UNREADABLE,
                "b-gone.png", Reason.UNREADABLE,
                "c-other.png", Reason.UNKNOWN_CLASS,
                "d-blank.png", Reason.BLANK,
                "f-twice.png", Reason.DUPLICATE_IN_DAY,
                "g-before.png", Reason.DUPLICATE,
                "h-near.png", Reason.NEAR_DUPLICATE,
                "i-label.png", Reason.CONFLICTING_LABEL,
                "j-near-label.png", Reason.CONFLICTING_LABEL));
    expected.put("l-either.png", Reason.CONFLICTING_LABEL);
    expected.put("m-or.png", Reason.CONFLICTING_LABEL);
    // A copy that its own content puts into the regression set too is no leak.
    boolean leaks = Digests.share(Digests.of(saved(TestImages.png("cat", held)))) >= 0.1;
    expected.put("k-leak.png", leaks ? Reason.REGRESSION_LEAK : Reason.NEAR_DUPLICATE);
    assertThat(leaks).isTrue();
    assertThat(reasons(report)).isEqualTo(expected);
    assertThat(store.quarantine("tuesday")).hasSize(expected.size());
    assertThat(report.quarantine())
        .filteredOn(image -> image.name().equals("i-label.png"))
        .allSatisfy(
            image -> assertThat(image.detail()).contains("monday/cat").contains("which is 'cat'"));
    assertThat(store.check(ProgressListener.NONE).isSound()).isTrue();
  }

  @Test
  void aDayThatIsMostlyBadIsRefusedAndLeavesNothingBehind() throws IOException {
    ingest(TestImages.day("monday", 0, 10, "cat", "dog"), OPEN);
    long before = files();
    List<Item> items = new ArrayList<>(TestImages.items(100, 102, "cat"));
    for (int i = 0; i < 4; i++) {
      items.add(item("blank" + i + ".png", "cat", TestImages.blank(0x101010 * i)));
    }
    DayReport refused = ingest(Source.of("tuesday", items), OPEN);
    assertThat(refused.day().state()).isEqualTo(DayState.REFUSED);
    assertThat(refused.day().refusal().orElseThrow()).contains("4 of 6").contains("50%");
    assertThat(refused.train()).isEmpty();
    assertThat(store.quarantine("tuesday")).hasSize(4);
    assertThat(files()).isEqualTo(before);
    items.subList(2, 6).clear();
    DayReport mended = ingest(Source.of("tuesday", items), OPEN);
    assertThat(mended.day().state()).isEqualTo(DayState.INGESTED);
    assertThat(mended.day().revision()).isEqualTo(1);
    assertThat(store.quarantine("tuesday")).isEmpty();
  }

  @Test
  void aCorrectionThatIsRefusedLeavesTheDayAsItWas() {
    DayReport monday = ingest(TestImages.day("monday", 0, 10, "cat", "dog"), OPEN);
    List<Item> bad = List.of(item("x.png", "cat", TestImages.blank(0)));
    DayReport refused = ingest(Source.of("monday", bad), OPEN);
    assertThat(refused.changed()).isFalse();
    assertThat(refused.day().state()).isEqualTo(DayState.REFUSED);
    assertThat(refused.day().refusal().orElseThrow()).contains("stays as it was");
    assertThat(store.day("monday")).contains(monday.day());
  }

  @Test
  void theSameDayWithNewClassesAllowedIsLookedAtAgain() {
    ingest(TestImages.day("monday", 0, 10, "cat", "dog"), IngestOptions.defaults());
    assertThat(store.classes()).containsExactly("cat", "dog");
    Source tuesday = TestImages.day("tuesday", 20, 26, "cat", "dog", "eel");
    DayReport closed = ingest(tuesday, IngestOptions.defaults());
    assertThat(closed.reasons()).containsOnlyKeys(Reason.UNKNOWN_CLASS);
    assertThat(ingest(tuesday, IngestOptions.defaults()).changed()).isFalse();
    DayReport open = ingest(tuesday, OPEN);
    assertThat(open.newClasses()).containsExactly("eel");
    assertThat(open.added()).isEqualTo(6);
    assertThat(open.replaced()).isZero();
    assertThat(open.quarantine()).isEmpty();
    assertThat(ingest(tuesday, OPEN).changed()).isFalse();
  }

  @Test
  void aCheckOfTheWholeDayMayRefuseIt() {
    List<Integer> seen = new ArrayList<>();
    DayCheck strict =
        images -> {
          seen.add(images.size());
          byte[] pixels = new byte[3 * images.height() * images.width()];
          images.read(images.size() - 1, pixels, 0);
          assertThat(images.properties(0).contrast()).isPositive();
          assertThat(images.classNames().get(images.label(0))).isEqualTo(images.item(0).label());
          return new DayCheck.Finding(Optional.of("it is too bright"), Optional.of("{\"x\":1}"));
        };
    Source monday = TestImages.day("monday", 0, 10, "cat", "dog");
    DayReport refused = store.ingest(monday, OPEN, strict, ProgressListener.NONE);
    assertThat(seen).containsExactly(20);
    assertThat(refused.day().refusal()).contains("it is too bright");
    assertThat(store.day("monday").orElseThrow().drift()).contains("{\"x\":1}");
    assertThat(store.images().size()).isZero();
    assertThat(store.classes()).isEmpty();
    assertThat(store.checkMemory()).isEmpty();
    DayCheck mild = images -> new DayCheck.Finding(Optional.empty(), Optional.of("{\"x\":2}"));
    DayReport taken = store.ingest(monday, OPEN, mild, ProgressListener.NONE);
    assertThat(taken.day().state()).isEqualTo(DayState.INGESTED);
    assertThat(taken.day().drift()).contains("{\"x\":2}");
    assertThat(store.reference(7).size()).isEqualTo(7);
    assertThat(ingest(monday, OPEN).changed()).isFalse();
  }

  @Test
  void theSplitIsDecidedByContentAlone() {
    DayReport monday = ingest(TestImages.day("monday", 0, 60, "cat", "dog"), OPEN);
    assertThat(monday.day().regression()).isBetween(3, 25);
    try (StoredImages held = store.regressionSet()) {
      for (int i = 0; i < held.size(); i++) {
        assertThat(Digests.share(held.image(i).sha256())).isLessThan(0.1);
        assertThat(held.image(i).split()).isEqualTo(Split.REGRESSION);
      }
    }
  }

  @Test
  void whatIsSaidOfAnImageIsKept() {
    Item known =
        new Item(
            "1.png",
            "cat",
            Optional.of("Tom"),
            Map.of("camera", "left"),
            Optional.of(Split.REGRESSION),
            () -> TestImages.png("cat", 1));
    ingest(Source.of("monday", List.of(known)), OPEN);
    try (StoredImages held = store.heldOut("monday")) {
      StoredImage image = held.image(0);
      assertThat(image.subject()).contains("Tom");
      assertThat(image.metadata()).isEqualTo(Map.of("camera", "left"));
      assertThat(image.day()).isEqualTo("monday");
      assertThat(image.label()).isEqualTo("cat");
    }
  }

  @Test
  void namesThatCannotBeUsedAreRefused() {
    assertThatThrownBy(() -> ingest(TestImages.day("monday", 0, 2, " "), OPEN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the name of a class is blank");
    assertThatThrownBy(() -> ingest(TestImages.day("mon\nday", 0, 2, "cat"), OPEN))
        .hasMessageContaining("control characters");
    assertThatThrownBy(() -> ingest(Source.of("monday", List.of()), OPEN))
        .hasMessageContaining("holds no image");
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("store."))
          .count();
    }
  }

  private Source tuesday() {
    List<Item> items = new ArrayList<>(TestImages.items(100, 110, "cat", "dog"));
    items.addAll(TestImages.items(5, 6, "cat"));
    return Source.of("tuesday", items);
  }

  /** The day is the same, what its images were compared with is not. */
  @Test
  void whatWasSetAsideComesInWhenTheReasonIsGone() {
    ingest(TestImages.day("monday", 0, 10, "cat", "dog"), OPEN);
    assertThat(ingest(tuesday(), OPEN).reasons()).containsEntry(Reason.DUPLICATE, 1);
    assertThat(ingest(tuesday(), OPEN).changed()).isFalse();
    ingest(TestImages.day("monday", 6, 10, "cat", "dog"), OPEN);
    DayReport again = ingest(tuesday(), OPEN);
    assertThat(again.changed()).isTrue();
    assertThat(again.added() + again.quarantine().size()).isLessThanOrEqualTo(1);
    assertThat(again.quarantine()).isEmpty();
    assertThat(again.day().train() + again.day().regression()).isEqualTo(21);
    assertThat(ingest(tuesday(), OPEN).changed()).isFalse();
    assertThat(store.check(ProgressListener.NONE).wrong()).isEmpty();
  }

  @Test
  void whatWasSetAsideComesInUnderAnotherPolicy() throws IOException {
    List<Item> items = new ArrayList<>(TestImages.items(0, 20, "cat"));
    items.add(item("near.png", "cat", saved(TestImages.png("cat", 3))));
    items.add(item("other.png", "dog", TestImages.png("dog", 1)));
    ingest(TestImages.day("sunday", 100, 110, "cat"), OPEN);
    assertThat(ingest(Source.of("monday", items), IngestOptions.defaults()).quarantine())
        .hasSize(2);
    try (Store exact =
        Store.open(folder.resolve("shop"), StoreLimits.defaults().withNearDistance(-1))) {
      DayReport again =
          exact.ingest(Source.of("monday", items), IngestOptions.defaults(), ProgressListener.NONE);
      assertThat(again.changed()).isTrue();
      assertThat(again.reasons()).containsOnlyKeys(Reason.UNKNOWN_CLASS);
    }
    // Another day has declared the class meanwhile.
    ingest(TestImages.day("tuesday", 200, 206, "dog"), OPEN);
    assertThat(ingest(Source.of("monday", items), IngestOptions.defaults()).reasons())
        .containsOnlyKeys(Reason.NEAR_DUPLICATE);
  }

  @Test
  void aClassWithoutANameIsToldWithItsImage() {
    List<Item> items = List.of(item(" /1.png", " ", TestImages.png("cat", 1)));
    assertThatThrownBy(() -> ingest(Source.of("monday", items), OPEN))
        .hasMessageContaining("is blank")
        .hasMessageContaining(" /1.png");
  }
}
