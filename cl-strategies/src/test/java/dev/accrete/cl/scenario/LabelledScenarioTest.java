package dev.accrete.cl.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.core.Rng;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LabelledScenarioTest {
  private static final int SIDE = 9;

  /** Random images whose labels are drawn at random, so that classes differ in size. */
  private static ImageSet set(String name, int images, int classes, long seed) {
    Rng rng = Rng.of(seed, 1);
    int[] labels = IntStream.range(0, images).map(i -> rng.nextInt(classes)).toArray();
    byte[] pixels = new byte[3 * SIDE * SIDE * images];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) rng.nextInt();
    }
    List<String> names = IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    return new InMemoryImageSet(name, SIDE, SIDE, names, labels, pixels);
  }

  private static void assertEveryImageOnce(Scenario scenario, ImageSet train) {
    assertThat(scenario.batches().stream().flatMapToInt(e -> Arrays.stream(e.images())))
        .hasSize(train.size())
        .doesNotHaveDuplicates()
        .allMatch(image -> image >= 0 && image < train.size());
    for (Batch experience : scenario.batches()) {
      assertThat(experience.classes())
          .isEqualTo(
              Arrays.stream(experience.images()).map(train::label).distinct().sorted().toArray());
    }
  }

  @Property(tries = 60)
  void everyScenarioLearnsEveryImageOnceAndRepeatsItself(
      @ForAll @IntRange(min = 60, max = 300) int images,
      @ForAll @IntRange(min = 2, max = 12) int classes,
      @ForAll @IntRange(min = 2, max = 30) int batches,
      @ForAll @IntRange(max = 9) int run) {
    ImageSet train = set("train", images, classes, images + classes);
    ImageSet test = set("test", 20, classes, 7);
    for (String name : List.of("nicv2-" + batches, "nc:2:3", "ni:" + batches)) {
      Scenario scenario = Scenarios.parse(name).over(train, test, run);
      assertEveryImageOnce(scenario, train);
      assertThat(scenario.name()).isEqualTo(name);
      assertThat(scenario.classes()).isEqualTo(classes);
      assertThat(scenario.test()).isEqualTo(IntStream.range(0, 20).toArray());
      assertThat(scenario.testGroups()).hasSize(20).containsOnly(0);
      assertThat(Scenarios.parse(name).over(train, test, run).batches())
          .isEqualTo(scenario.batches());
    }
  }

  @Property(tries = 20)
  void runsDiffer(@ForAll @IntRange(max = 8) int run) {
    ImageSet train = set("train", 200, 10, 3);
    for (String name : List.of("nicv2-20", "nc:2:2", "ni:10")) {
      assertThat(Scenarios.parse(name).over(train, train, run).batches())
          .isNotEqualTo(Scenarios.parse(name).over(train, train, run + 1).batches());
    }
  }

  @Property(tries = 30)
  void nicv2BeginsWithOneSequenceOfEveryFifthClass(
      @ForAll @IntRange(min = 2, max = 23) int classes, @ForAll @IntRange(max = 99) int run) {
    ImageSet train = set("train", 1_000, classes, classes);
    PseudoSequences sequences = PseudoSequences.of(train, 100);
    Batch start = new Nicv2Spec(20).over(sequences, 0, run).batches().getFirst();

    int[] everyFifth = IntStream.iterate(0, c -> c < classes, c -> c + 5).toArray();
    if (classes > 5) {
      assertThat(start.classes()).isEqualTo(everyFifth);
    } else {
      assertThat(start.classes()).hasSize(2).contains(0);
    }
    for (int c : start.classes()) {
      long images = Arrays.stream(start.images()).filter(i -> train.label(i) == c).count();
      assertThat(IntStream.range(0, sequences.size()))
          .anyMatch(s -> sequences.label(s) == c && sequences.images(s).length == images);
    }
  }

  @Example
  void nicv2DealsTheRestEvenly() {
    ImageSet train = set("train", 2_000, 10, 5);
    PseudoSequences sequences = PseudoSequences.of(train, 400);
    int[] sizes = new Nicv2Spec(79).over(sequences, 0, 0).sizes();

    // 5 images a sequence, and five or six sequences a batch.
    assertThat(sizes).hasSize(79);
    assertThat(Arrays.stream(sizes).skip(1)).allMatch(size -> size >= 18 && size <= 36);
  }

  @Example
  void moreBatchesThanSequencesNamesTheLargestStream() {
    ImageSet train = set("pets", 300, 4, 5);
    PseudoSequences sequences = PseudoSequences.of(train, 40);
    int possible = sequences.size() - 2 + 1;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Nicv2Spec(possible + 1).over(sequences, 0, 0))
        .withMessageContaining("pets")
        .withMessageContaining("nicv2-" + possible + " or fewer");
    assertThat(new Nicv2Spec(possible).over(sequences, 0, 0).batches()).hasSize(possible);
  }

  @Example
  void oneClassIsNoStream() {
    ImageSet train = set("mono", 30, 1, 5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Nicv2Spec(5).over(train, train, 0))
        .withMessageContaining("mono")
        .withMessageContaining("at least two");
  }

  @Example
  void newClassesComeOnceEach() {
    ImageSet train = set("train", 300, 11, 5);
    Scenario scenario = new NewClassesSpec(4, 3).over(train, train, 1);

    assertThat(scenario.batches().stream().map(e -> e.classes().length))
        .containsExactly(4, 3, 3, 1);
    assertThat(scenario.batches().stream().flatMapToInt(e -> Arrays.stream(e.classes())))
        .hasSize(11)
        .doesNotHaveDuplicates();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NewClassesSpec(12, 1).over(train, train, 1))
        .withMessageContaining("11 of train");
  }

  @Example
  void newInstancesAreStratified() {
    ImageSet train = set("train", 301, 5, 5);
    Scenario scenario = new NewInstancesSpec(7).over(train, train, 1);

    assertThat(scenario.sizes()).containsOnly(43);
    for (int c = 0; c < 5; c++) {
      int label = c;
      List<Long> counts =
          scenario.batches().stream()
              .map(e -> Arrays.stream(e.images()).filter(i -> train.label(i) == label).count())
              .sorted(Comparator.naturalOrder())
              .toList();
      assertThat(counts.getLast() - counts.getFirst()).isLessThanOrEqualTo(1);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NewInstancesSpec(302).over(train, train, 1))
        .withMessageContaining("301 images of train");
  }

  @Example
  void aScheduleFileDoesNotFitALabelledSet() {
    ImageSet train = set("train", 30, 2, 5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scenarios.parse("nicv2:list.txt").over(train, train, 0))
        .withMessageContaining("use nicv2-N");
  }
}
