package dev.accrete.cl.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.data.JoinedImageSet;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.cl.strategy.TinyStream;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Prediction;
import dev.accrete.nn.Predictor;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream without an end, for every strategy. */
class ContinualLearnerTest {
  private static final ImageSet ALL = TinyStream.images(TinyStream.CLASSES, 40, 1);
  private static final ImageSet TEST = TinyStream.images(TinyStream.CLASSES, 5, 2);

  @TempDir private Path folder;

  private final Backend backend = TinyStream.backend();

  static Stream<String> names() {
    return Strategies.names().stream();
  }

  /** Days as they come in: each knows the names of its own classes, in an order of its own. */
  private static List<ImageSet> days() {
    return List.of(
        day(0, 10, "cat", 0, "dog", 3),
        day(10, 8, "eel", 1),
        day(20, 8, "dog", 3, "ape", 4, "cat", 0),
        day(30, 6, "bee", 5, "eel", 1));
  }

  /** Images {@code from} on of some classes of the tiny set, under names. */
  private static ImageSet day(int from, int count, Object... namesAndClasses) {
    int bytes = 3 * TinyStream.SIDE * TinyStream.SIDE;
    List<String> classNames = new ArrayList<>();
    int kinds = namesAndClasses.length / 2;
    byte[] pixels = new byte[kinds * count * bytes];
    int[] labels = new int[kinds * count];
    for (int k = 0; k < kinds; k++) {
      classNames.add((String) namesAndClasses[2 * k]);
      int label = (Integer) namesAndClasses[2 * k + 1];
      for (int i = 0; i < count; i++) {
        int row = k * count + i;
        labels[row] = k;
        ALL.read(label * 40 + from + i, pixels, row * bytes);
      }
    }
    return new InMemoryImageSet(
        "day " + from, TinyStream.SIDE, TinyStream.SIDE, classNames, labels, pixels);
  }

  private static LearnerConfig config(String strategy) {
    Map<String, String> quick = new HashMap<>(TinyStream.QUICK);
    quick.keySet().removeIf(name -> !Strategies.configure(strategy, 4).schema().has(name));
    return LearnerConfig.of("small-cnn", TinyStream.SIDE, strategy)
        .withSettings(quick)
        .withHorizon(4)
        .withSeed(5);
  }

  @ParameterizedTest
  @MethodSource("names")
  void dayByDayInSeparateProcessesGivesTheBitsOfOneThatNeverStopped(String strategy) {
    try (ContinualLearner whole = ContinualLearner.create(config(strategy), backend)) {
      for (ImageSet day : days()) {
        whole.learn(day);
        try (ContinualLearner today =
            Files.exists(folder.resolve("learner"))
                ? ContinualLearner.load(folder.resolve("learner"), backend)
                : ContinualLearner.create(config(strategy), backend)) {
          today.learn(day);
          today.save(folder.resolve("learner"));
          assertThat(today.digest()).isEqualTo(whole.digest());
          assertThat(today.classes()).isEqualTo(whole.classes());
        }
      }
      assertThat(whole.classes()).containsExactly("cat", "dog", "eel", "ape", "bee");
      assertThat(whole.days()).isEqualTo(4);
    }
  }

  /** Room is for rows without a name yet: they take part as those of classes not yet seen do. */
  @ParameterizedTest
  @MethodSource("names")
  void classesThatAppearGiveTheBitsOfClassesKnownFromTheStart(String strategy) {
    List<String> all = List.of("cat", "dog", "eel", "ape", "bee");
    try (ContinualLearner grows = ContinualLearner.create(config(strategy).withRoom(5), backend);
        ContinualLearner knows =
            ContinualLearner.create(config(strategy).withClasses(all), backend)) {
      for (ImageSet day : days()) {
        grows.learn(day);
        knows.learn(day);
        assertThat(grows.digest()).isEqualTo(knows.digest());
        assertThat(grows.predict(TEST)).isEqualTo(knows.predict(TEST));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void theModelAnswersAsTheLearnerDoes(String strategy) {
    try (ContinualLearner learner = ContinualLearner.create(config(strategy), backend)) {
      for (ImageSet day : days()) {
        learner.learn(day);
      }
      Model model = learner.model();
      assertThat(model.classes()).containsExactly("cat", "dog", "eel", "ape", "bee");
      assertThat(model.provenance()).containsEntry("strategy", strategy).containsEntry("days", "4");
      model.save(folder.resolve("model.safetensors"));
      int bytes = 3 * TinyStream.SIDE * TinyStream.SIDE;
      byte[] pixels = new byte[TEST.size() * bytes];
      IntStream.range(0, TEST.size()).forEach(i -> TEST.read(i, pixels, i * bytes));
      try (Predictor predictor = Model.load(folder.resolve("model.safetensors"), backend)) {
        assertThat(predictor.predictPixels(pixels, TEST.size()))
            .extracting(Prediction::best)
            .extracting(Prediction.Candidate::name)
            .isEqualTo(learner.predict(TEST));
      }
    }
  }

  @Test
  void onlyWhatWasSeenIsPredicted() {
    LearnerConfig roomy = config("naive").withRoom(9).withClasses(List.of("yak", "cat"));
    try (ContinualLearner learner = ContinualLearner.create(roomy, backend)) {
      assertThatThrownBy(() -> learner.predict(TEST)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(learner::model).isInstanceOf(IllegalStateException.class);
      learner.learn(days().getFirst());
      assertThat(learner.predict(TEST)).isSubsetOf("cat", "dog");
      assertThat(learner.model().classes()).containsExactly("cat", "dog");
      assertThat(learner.classes()).containsExactly("yak", "cat", "dog");
    }
  }

  @Test
  void aDayThatCannotBeLearnedChangesNothing() {
    try (ContinualLearner learner = ContinualLearner.create(config("cwr-star"), backend)) {
      learner.learn(days().getFirst());
      String before = learner.digest();
      ImageSet large =
          new InMemoryImageSet("large", 9, 9, List.of("fox"), new int[] {0}, new byte[243]);
      assertThatThrownBy(() -> learner.learn(large))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("image size");
      assertThatThrownBy(() -> learner.learn(large.subset(new int[0])))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("no image");
      assertThat(learner.classes()).containsExactly("cat", "dog");
      assertThat(learner.days()).isEqualTo(1);
      learner.learn(days().get(1));
      assertThat(learner.classes()).containsExactly("cat", "dog", "eel");
      assertThat(before).isNotEqualTo(learner.digest());
    }
  }

  @Test
  void aDamagedOrForeignFolderIsNamed() throws IOException {
    Path home = folder.resolve("learner");
    assertThatThrownBy(() -> ContinualLearner.load(home, backend))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("no learner in");
    try (ContinualLearner learner = ContinualLearner.create(config("slda"), backend)) {
      learner.learn(days().getFirst());
      learner.save(home);
      Path foreign = Files.createDirectory(folder.resolve("photos"));
      Files.writeString(foreign.resolve("report.html"), "mine");
      assertThatThrownBy(() -> learner.save(foreign))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("report.html");
    }
    Path state = home.resolve("learner.safetensors");
    byte[] whole = Files.readAllBytes(state);
    for (int place : new int[] {whole.length - 1, whole.length / 2, whole.length - 40}) {
      byte[] flipped = whole.clone();
      flipped[place] ^= 1;
      Files.write(state, flipped);
      assertThatThrownBy(() -> ContinualLearner.load(home, backend))
          .as("byte %d", place)
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("learner.safetensors");
    }
  }

  @Test
  void wrongConfigurationsAreOneLine() {
    assertThatThrownBy(() -> LearnerConfig.of("small-cnn", 8, "magic"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'magic'");
    assertThatThrownBy(() -> LearnerConfig.of("big-cnn", 8, "slda"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("big-cnn");
    assertThatThrownBy(() -> config("slda").withSettings(Map.of("mini-batch", "3")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("mini-batch")
        .hasMessageContaining("slda.shrinkage");
    assertThatThrownBy(
            () -> config("analytic").withSettings(Map.of("analytic.layers", "conv1:mean+std,fc")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'fc'")
        .hasMessageContaining("s, m, last, or layers such as");
    assertThatThrownBy(() -> config("analytic").withSettings(Map.of("analytic.layers", "fc7:mean")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("fc7")
        .hasMessageContaining("conv3");
    assertThatThrownBy(() -> config("slda").withClasses(List.of("a", "a")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'a'");
  }

  /** A set whose last image cannot be read: the day breaks off in its middle. */
  private static ImageSet broken(ImageSet day) {
    return new JoinedImageSet("broken", List.of(day)) {
      @Override
      public void read(int index, byte[] destination, int offset) {
        if (index == size() - 1) {
          throw new DataException("image " + index + " is gone; restore it");
        }
        super.read(index, destination, offset);
      }
    };
  }

  @ParameterizedTest
  @MethodSource("names")
  void aDayThatBreaksOffLeavesWhatWasKnownBefore(String strategy) {
    try (ContinualLearner learner = ContinualLearner.create(config(strategy), backend);
        ContinualLearner undisturbed = ContinualLearner.create(config(strategy), backend)) {
      assertThatThrownBy(() -> learner.learn(broken(days().get(1))))
          .isInstanceOf(DataException.class);
      learner.learn(days().get(0));
      undisturbed.learn(days().get(0));
      assertThatThrownBy(() -> learner.learn(broken(days().get(1))))
          .isInstanceOf(DataException.class);
      assertThat(learner.digest()).isEqualTo(undisturbed.digest());
      assertThat(learner.model().classes()).containsExactly("cat", "dog");
      learner.learn(days().get(1));
      undisturbed.learn(days().get(1));
      assertThat(learner.digest()).isEqualTo(undisturbed.digest());
    }
  }

  @Test
  void neitherAnotherLearnerNorALaterDayIsOverwritten() {
    Path home = folder.resolve("learner");
    try (ContinualLearner first = ContinualLearner.create(config("slda"), backend);
        ContinualLearner other = ContinualLearner.create(config("slda"), backend)) {
      first.learn(days().get(0));
      first.save(home);
      other.learn(days().get(0));
      assertThatThrownBy(() -> other.save(home))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("another learner");
      try (ContinualLearner stale = ContinualLearner.load(home, backend)) {
        first.learn(days().get(1));
        first.learn(days().get(2));
        first.save(home);
        stale.learn(days().get(3));
        assertThatThrownBy(() -> stale.save(home))
            .isInstanceOf(AccreteException.class)
            .hasMessageContaining("after 3 days")
            .hasMessageContaining("after 2");
      }
    }
  }

  @Test
  void filesBesideTheStateAreCheckedToo() throws IOException {
    Path home = folder.resolve("learner");
    try (ContinualLearner learner = ContinualLearner.create(config("cumulative"), backend)) {
      learner.learn(days().get(0));
      learner.save(home);
    }
    for (String name : List.of("start.safetensors", "days/00001.safetensors")) {
      Path file = home.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      byte[] flipped = whole.clone();
      flipped[flipped.length - 9] ^= 1;
      Files.write(file, flipped);
      assertThatThrownBy(() -> ContinualLearner.load(home, backend))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining(file.getFileName().toString());
      Files.write(file, whole);
    }
  }

  @Test
  void whatAnotherLearnerLeftIsNotWhatThisBeganWith() throws IOException {
    Path home = folder.resolve("learner");
    try (ContinualLearner killed = ContinualLearner.create(config("slda").withSeed(99), backend)) {
      killed.learn(days().get(0));
      killed.save(home);
    }
    Files.delete(home.resolve("learner.safetensors"));
    try (ContinualLearner learner = ContinualLearner.create(config("slda"), backend)) {
      learner.learn(days().get(0));
      learner.save(home);
      try (ContinualLearner again = ContinualLearner.load(home, backend)) {
        assertThat(again.model().digest()).isEqualTo(learner.model().digest());
      }
    }
  }

  @Test
  void twoSpellingsOfOneNameAreOneClass() {
    try (ContinualLearner learner = ContinualLearner.create(config("slda"), backend)) {
      learner.learn(day(0, 8, "K\u00f6ter", 0, "cat", 3));
      learner.learn(day(10, 8, "Ko\u0308ter", 0));
      assertThat(learner.classes()).containsExactly("K\u00f6ter", "cat");
    }
  }

  @Test
  void whatWasLearnedIsRememberedByItsContent() {
    Path saved = folder.resolve("learner");
    ImageSet monday = days().getFirst();
    ImageSet renamed = day(0, 10, "cat", 0, "wolf", 3);
    try (ContinualLearner learner = ContinualLearner.create(config("slda"), backend)) {
      assertThat(learner.hasLearned(monday)).isFalse();
      ImageSet broken = day(10, 8, "eel", 1, " ", 2);
      assertThatThrownBy(() -> learner.learn(broken)).isInstanceOf(AccreteException.class);
      assertThat(learner.hasLearned(broken)).isFalse();
      learner.learn(monday);
      assertThat(learner.hasLearned(days().getFirst())).isTrue();
      assertThat(learner.hasLearned(days().getLast())).isFalse();
      assertThat(learner.hasLearned(renamed)).isFalse();
      learner.save(saved);
    }
    try (ContinualLearner learner = ContinualLearner.load(saved, backend)) {
      assertThat(learner.hasLearned(monday)).isTrue();
      learner.learn(monday);
      assertThat(learner.days()).isEqualTo(2);
    }
  }

  @Test
  void foldersSavedBeforeDaysWereRememberedAreReadable() throws IOException {
    Path saved = folder.resolve("learner");
    try (ContinualLearner learner = ContinualLearner.create(config("slda"), backend)) {
      learner.learn(days().getFirst());
      learner.save(saved);
    }
    Path file = saved.resolve("learner.safetensors");
    TensorFile contents = Safetensors.read(file);
    Map<String, String> remarks = new TreeMap<>(contents.metadata());
    assertThat(remarks.remove("fingerprints")).isNotNull();
    remarks.remove("sha256");
    TreeMap<String, StoredTensor> tensors = new TreeMap<>(contents.tensors());
    assertThat(tensors.remove("learner.images")).isNotNull();
    remarks.put("sha256", Safetensors.sha256(TensorFile.of(tensors, remarks)));
    Safetensors.write(file, TensorFile.of(tensors, remarks));
    try (ContinualLearner learner = ContinualLearner.load(saved, backend)) {
      assertThat(learner.days()).isEqualTo(1);
      assertThat(learner.hasLearned(days().getFirst())).isFalse();
      learner.learn(days().get(1));
      learner.save(saved);
    }
    try (ContinualLearner learner = ContinualLearner.load(saved, backend)) {
      assertThat(learner.hasLearned(days().get(1))).isTrue();
    }
  }

  private static ContinualLearner learned(ContinualLearner learner, ImageSet... days) {
    for (ImageSet day : days) {
      learner.learn(day);
    }
    return learner;
  }

  private static void assertSame(ContinualLearner actual, ContinualLearner expected) {
    assertThat(actual.predict(TEST)).isEqualTo(expected.predict(TEST));
    assertThat(actual.model().classes()).hasSameElementsAs(expected.model().classes());
    assertThat(actual.images()).isEqualTo(expected.images());
  }

  @Test
  void imagesAreForgottenByTheNamesOfTheirClasses() {
    ImageSet eels = day(10, 8, "eel", 1);
    ImageSet some = day(2, 3, "dog", 3, "cat", 0);
    try (ContinualLearner learner = ContinualLearner.create(config("analytic"), backend);
        ContinualLearner never = ContinualLearner.create(config("analytic"), backend)) {
      learned(learner, days().get(0), days().get(1), days().get(2));
      ImageSet rest = day(0, 2, "cat", 0, "dog", 3);
      learned(never, rest, day(5, 5, "dog", 3, "cat", 0), days().get(2));
      assertThat(learner.canForget()).isTrue();
      assertThat(learner.images()).isEqualTo(20 + 8 + 24);
      assertThat(learner.hasLearned(eels)).isTrue();
      learner.forget(eels);
      assertThat(learner.hasLearned(eels)).isFalse();
      Cost cost = learner.forget(some);
      assertThat(cost.imagesSeen()).isEqualTo(6);
      assertSame(learner, never);
      assertThat(learner.classes()).containsExactly("cat", "dog", "eel", "ape");
      assertThat(learner.model().classes()).containsExactly("cat", "dog", "ape");
      assertThat(learner.days()).isEqualTo(3);
      assertThat(learner.model().temperature()).isEqualTo(1);

      learner.save(folder.resolve("learner"));
      try (ContinualLearner loaded = ContinualLearner.load(folder.resolve("learner"), backend)) {
        assertThat(loaded.digest()).isEqualTo(learner.digest());
        assertThat(loaded.images()).isEqualTo(learner.images());
        learned(loaded, days().get(3));
        learned(learner, days().get(3));
        assertThat(loaded.digest()).isEqualTo(learner.digest());
        assertThat(loaded.predict(TEST)).contains("eel");
      }
    }
  }

  @Test
  void onlyWhatWasLearnedIsForgottenAndOnce() {
    try (ContinualLearner learner = ContinualLearner.create(config("slda"), backend)) {
      learned(learner, days().get(0), day(0, 2, "cat", 0));
      String before = learner.digest();
      for (ImageSet wrong :
          List.of(day(10, 3, "cat", 0), day(0, 2, "dog", 0), day(0, 11, "cat", 0))) {
        assertThatThrownBy(() -> learner.forget(wrong))
            .isInstanceOf(AccreteException.class)
            .hasMessageContaining("were not learned")
            .hasMessageContaining("image");
      }
      assertThatThrownBy(() -> learner.forget(day(0, 2, "yak", 0)))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("never learned: yak")
          .hasMessageContaining("cat, dog");
      assertThatThrownBy(() -> learner.forget(days().get(0).subset(new int[0])))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("no image");
      assertThatThrownBy(() -> learner.forget(broken(days().get(0))))
          .isInstanceOf(DataException.class);
      assertThat(learner.digest()).isEqualTo(before);
      // These two were learned twice.
      learner.forget(day(0, 2, "cat", 0));
      learner.forget(day(0, 2, "cat", 0));
      assertThatThrownBy(() -> learner.forget(day(0, 1, "cat", 0)))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("forgotten already");
      learner.forget(day(2, 8, "cat", 0));
      learner.forget(day(0, 10, "dog", 3));
      assertThat(learner.images()).isZero();
      assertThatThrownBy(() -> learner.predict(TEST)).isInstanceOf(IllegalStateException.class);
      learner.learn(day(0, 4, "dog", 3));
      assertThat(learner.predict(TEST)).containsOnly("dog");
    }
  }

  @Test
  void aClassGetsAnotherName() {
    LearnerConfig config = config("slda").withClasses(List.of("dog", "cat"));
    try (ContinualLearner learner = ContinualLearner.create(config, backend)) {
      days().forEach(learner::learn);
      String state = learner.digest();
      learner.rename("cat", "lion");
      assertThat(learner.classes()).startsWith("dog", "lion").doesNotContain("cat");
      assertThat(learner.config().classes()).containsExactly("dog", "lion");
      assertThat(learner.model().classes()).contains("lion").doesNotContain("cat");
      assertThat(learner.digest()).isEqualTo(state);
      assertThatThrownBy(() -> learner.rename("cat", "tiger"))
          .hasMessageContaining("no class is named 'cat'; known are dog, lion");
      assertThatThrownBy(() -> learner.rename("lion", "dog")).hasMessageContaining("'dog'");
      learner.save(folder.resolve("learner"));
      try (ContinualLearner loaded = ContinualLearner.load(folder.resolve("learner"), backend)) {
        assertThat(loaded.classes()).isEqualTo(learner.classes());
        assertThat(loaded.config().classes()).isEqualTo(learner.config().classes());
      }
    }
  }

  @Test
  void whatIsNoSumCannotForget() {
    try (ContinualLearner learner = ContinualLearner.create(config("naive"), backend)) {
      learner.learn(days().getFirst());
      assertThat(learner.canForget()).isFalse();
      assertThat(learner.images()).isZero();
      assertThatThrownBy(() -> learner.forget(days().getFirst()))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("naive cannot forget");
      assertThatThrownBy(() -> learner.merge(learner))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("naive cannot merge");
    }
  }

  @Test
  void learnersAreMergedByTheNamesOfClasses() {
    for (int room : new int[] {0, 9}) {
      LearnerConfig config = config("analytic");
      try (ContinualLearner whole = ContinualLearner.create(config, backend);
          ContinualLearner left = ContinualLearner.create(config, backend);
          ContinualLearner right = ContinualLearner.create(config.withRoom(room), backend);
          ContinualLearner none = ContinualLearner.create(config, backend)) {
        learned(whole, days().toArray(ImageSet[]::new));
        learned(left, days().get(1), days().get(0));
        learned(right, days().get(3), days().get(2));
        left.merge(right);
        assertSame(left, whole);
        assertThat(left.classes()).containsExactly("eel", "cat", "dog", "bee", "ape");
        assertThat(left.days()).isEqualTo(4);
        assertThat(left.model().temperature()).isGreaterThanOrEqualTo(1);
        left.merge(none);
        assertSame(left, whole);
        none.merge(left);
        assertSame(none, whole);
        none.save(folder.resolve("merged " + room));
        try (ContinualLearner loaded =
            ContinualLearner.load(folder.resolve("merged " + room), backend)) {
          loaded.forget(day(0, 10, "cat", 0, "dog", 3));
          ImageSet again = day(0, 10, "dog", 3, "cat", 0);
          loaded.learn(again);
          none.forget(again);
          none.learn(again);
          assertThat(loaded.predict(TEST)).isEqualTo(none.predict(TEST));
        }
      }
    }
  }

  @Test
  void learnersThatDoNotFitAreNotMerged() {
    LearnerConfig config = config("analytic");
    try (ContinualLearner learner = ContinualLearner.create(config, backend);
        ContinualLearner same = ContinualLearner.create(config, backend);
        ContinualLearner other = ContinualLearner.create(config.withSeed(6), backend);
        ContinualLearner slda = ContinualLearner.create(config("slda"), backend);
        ContinualLearner mirrored =
            ContinualLearner.create(
                config.withSettings(Map.of("analytic.mirror", "true")), backend)) {
      learned(learner, days().get(0));
      learned(same, days().get(1), days().get(0));
      learned(other, days().get(1));
      learned(slda, days().get(1));
      learned(mirrored, days().get(1));
      String before = learner.digest();
      assertThatThrownBy(() -> learner.merge(same))
          .isInstanceOf(AccreteException.class)
          .hasMessageStartingWith("20 of the 28 images");
      assertThatThrownBy(() -> learner.merge(learner))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("with itself");
      assertThatThrownBy(() -> learner.merge(other))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("different first weights");
      assertThatThrownBy(() -> learner.merge(slda))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("different strategy");
      assertThatThrownBy(() -> learner.merge(mirrored))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("analytic.mirror=true");
      assertThat(learner.digest()).isEqualTo(before);
      same.forget(days().get(0));
      learner.merge(same);
      assertThat(learner.images()).isEqualTo(28);
    }
  }

  /** Else a process that knows nothing of it would bring back what was forgotten. */
  @Test
  void whatWasForgottenElsewhereIsNotBroughtBack() {
    Path home = folder.resolve("learner");
    try (ContinualLearner learner = ContinualLearner.create(config("slda"), backend)) {
      learned(learner, days().get(0), days().get(1)).save(home);
      try (ContinualLearner stale = ContinualLearner.load(home, backend)) {
        learner.forget(days().get(1));
        learner.save(home);
        stale.learn(days().get(2));
        assertThatThrownBy(() -> stale.save(home))
            .isInstanceOf(AccreteException.class)
            .hasMessageContaining("learned or forgotten elsewhere");
      }
      learner.learn(days().get(2));
      learner.learn(days().get(3));
      learner.save(home);
    }
  }
}
