package dev.accrete.cl.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.data.JoinedImageSet;
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
}
