package dev.accrete.production.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Rng;
import dev.accrete.nn.Prediction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class ReviewTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "fox", "gnu");

  /** A model that is as sure of what it takes an image for as {@code confidence} says. */
  private static Labelled image(String id, String label, String looksLike, double confidence) {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    for (String name : CLASSES) {
      probabilities.put(
          name, name.equals(looksLike) ? confidence : (1 - confidence) / (CLASSES.size() - 1));
    }
    return new Labelled(id, label, probabilities);
  }

  private static List<Labelled> regression() {
    List<Labelled> images = new ArrayList<>();
    for (String name : CLASSES) {
      for (int i = 0; i < 10; i++) {
        images.add(image("r" + name + i, name, name, name.equals("gnu") ? 0.5 : 0.8));
      }
    }
    return images;
  }

  @Test
  void thresholdsAreMeansOfSelfConfidence() {
    List<Labelled> clean = new ArrayList<>(regression());
    clean.add(image("x", "gnu", "cat", 0.7)); // 0.1 for its own label
    Thresholds thresholds = Thresholds.of(clean, List.of());
    assertThat(thresholds.of("cat")).isCloseTo(0.8, within(1e-12));
    assertThat(thresholds.of("gnu")).isCloseTo((10 * 0.5 + 0.1) / 11, within(1e-12));
    assertThat(thresholds.classes()).containsExactlyInAnyOrderElementsOf(CLASSES);
  }

  @Test
  void anImageIsSuspectIfAnotherClassReachesItsThreshold() {
    Thresholds thresholds = Thresholds.of(regression(), List.of());
    ConfidentLearning.Findings findings =
        ConfidentLearning.suspects(
            List.of(
                image("right", "cat", "cat", 0.9),
                image("unsure", "cat", "dog", 0.7), // dog wants 0.8
                image("wrong", "cat", "dog", 0.85),
                image("wronger", "dog", "fox", 0.97),
                image("gnu", "cat", "gnu", 0.55)), // a class of which the model is never sure
            regression(),
            thresholds);
    assertThat(findings.suspects())
        .extracting(Suspect::image)
        .containsExactly("wronger", "wrong", "gnu");
    assertThat(findings.suspects())
        .extracting(Suspect::suggestion)
        .containsExactly("fox", "dog", "gnu");
    Suspect wrong = findings.suspects().get(1);
    assertThat(wrong.score()).isCloseTo((1 + 0.85 - 0.05) / 2, within(1e-12));
    assertThat(findings.judged()).isEqualTo(5);
    assertThat(findings.share()).isEqualTo(0.6);
  }

  @Test
  void aDayOfOneClassIsJudgedByTheRegressionSet() {
    Thresholds thresholds;
    List<Labelled> day = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      day.add(image("d" + i, "cat", i < 15 ? "dog" : "cat", 0.9));
    }
    thresholds = Thresholds.of(regression(), day);
    assertThat(ConfidentLearning.suspects(day, regression(), thresholds).suspects())
        .hasSize(15)
        .allMatch(suspect -> suspect.suggestion().equals("dog"));
    List<Labelled> allWrong = day.subList(0, 15);
    assertThat(
            ConfidentLearning.suspects(
                    allWrong, regression(), Thresholds.of(regression(), allWrong))
                .suspects())
        .hasSize(15);
  }

  @Test
  void withoutARegressionSetTheDayItselfOrAMajorityDecides() {
    List<Labelled> one = List.of(image("a", "cat", "dog", 0.6), image("b", "cat", "dog", 0.4));
    ConfidentLearning.Findings findings =
        ConfidentLearning.suspects(one, List.of(), Thresholds.of(List.of(), one));
    assertThat(findings.suspects()).extracting(Suspect::image).containsExactly("a");
    List<Labelled> day = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      day.add(image("c" + i, "cat", "cat", 0.9));
      day.add(image("d" + i, "dog", "dog", 0.9));
    }
    day.add(image("wrong", "dog", "cat", 0.95));
    assertThat(ConfidentLearning.suspects(day, List.of(), Thresholds.of(List.of(), day)).suspects())
        .extracting(Suspect::image)
        .containsExactly("wrong");
  }

  @Test
  void classesThatTheModelDoesNotKnowAreNotJudged() {
    List<Labelled> day = List.of(image("a", "elk", "dog", 0.99), image("b", "cat", "cat", 0.9));
    ConfidentLearning.Findings findings =
        ConfidentLearning.suspects(day, regression(), Thresholds.of(regression(), day));
    assertThat(findings.suspects()).isEmpty();
    assertThat(findings.judged()).isEqualTo(1);
    assertThat(findings.unknown()).isEqualTo(1);
    assertThat(
            ConfidentLearning.suspects(List.of(), List.of(), Thresholds.of(List.of(), List.of()))
                .share())
        .isZero();
  }

  @Test
  void mostWrongLabelsAreFoundAndFewRightOnesAccused() {
    Rng rng = Rng.of(31, 1);
    List<Labelled> clean = new ArrayList<>();
    List<Labelled> day = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      clean.add(noisy(rng, "r" + i, false));
    }
    for (int i = 0; i < 500; i++) {
      boolean wrong = i % 5 == 0;
      day.add(noisy(rng, (wrong ? "w" : "g") + i, wrong));
    }
    ConfidentLearning.Findings findings =
        ConfidentLearning.suspects(day, clean, Thresholds.of(clean, day));
    List<Suspect> suspects = findings.suspects();
    long found = suspects.stream().filter(s -> s.image().startsWith("w")).count();
    assertThat(found / 100.0).isGreaterThan(0.6);
    assertThat((double) found / suspects.size()).isGreaterThan(0.8);
    assertThat(suspects.subList(0, 20)).allMatch(s -> s.image().startsWith("w"));
    assertThat(findings.noise()).isBetween(0.1, 0.2);
  }

  @Test
  void precisionIsToldByWhatIsSaidOfRightLabels() {
    // The model is wrong about 30 of 100 images, and as sure as where it is right.
    List<Labelled> clean = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      clean.add(image("r" + i, "cat", i < 30 ? "dog" : "cat", 0.9));
    }
    List<Labelled> same = new ArrayList<>();
    List<Labelled> noisy = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      same.add(image("s" + i, "cat", i < 30 ? "dog" : "cat", 0.9));
      noisy.add(image("n" + i, "cat", i < 65 ? "dog" : "cat", 0.9));
    }
    Thresholds thresholds = Thresholds.of(clean, List.of());
    ConfidentLearning.Findings none = ConfidentLearning.suspects(same, clean, thresholds);
    assertThat(none.usual()).isCloseTo(0.3, within(1e-12));
    assertThat(none.noise()).isZero();
    assertThat(none.suspects()).hasSize(30).allMatch(s -> s.precision().orElseThrow() == 0);
    ConfidentLearning.Findings some = ConfidentLearning.suspects(noisy, clean, thresholds);
    assertThat(some.noise()).isCloseTo(0.5, within(1e-12));
    assertThat(some.suspects().getLast().precision().orElseThrow())
        .isCloseTo(1 - 31 / 101.0 * 100 / 65, within(1e-12));
    assertThat(some.suspects().getFirst().precision())
        .as("no less than that of a longer list")
        .isEqualTo(some.suspects().getLast().precision());
    assertThat(
            ConfidentLearning.suspects(noisy, List.of(), thresholds)
                .suspects()
                .getFirst()
                .precision())
        .isEmpty();
  }

  /** The model is right 9 times of 10, and surer then. */
  private static Labelled noisy(Rng rng, String id, boolean wrong) {
    String truth = CLASSES.get(rng.nextInt(CLASSES.size()));
    String other = CLASSES.get((CLASSES.indexOf(truth) + 1 + rng.nextInt(3)) % CLASSES.size());
    boolean right = rng.nextInt(10) > 0;
    double confidence = right ? 0.7 + 0.3 * rng.nextDouble() : 0.4 + 0.3 * rng.nextDouble();
    return image(id, wrong ? other : truth, right ? truth : other, confidence);
  }

  @Test
  void aPredictionBecomesALabelledImage() {
    Labelled labelled =
        Labelled.of("a", "dog", new Prediction(List.of(new Prediction.Candidate("cat", 1))));
    assertThat(labelled.probabilities()).containsExactly(Map.entry("cat", 1.0));
    assertThat(labelled.known()).isFalse();
    assertThatThrownBy(() -> new Labelled("a", "dog", Map.of()))
        .hasMessageContaining("no probabilities");
  }

  @Test
  void theTopOfTheListIsSaidApart() {
    List<Suspect> suspects =
        DoubleStream.of(0.9, 0.6, 0.2)
            .mapToObj(p -> new Suspect("" + p, "cat", "dog", 0.9, OptionalDouble.of(p)))
            .toList();
    assertThat(new ConfidentLearning.Findings(suspects, 10, 0, 0.1).likely()).isEqualTo(2);
    Suspect unknown = new Suspect("a", "cat", "dog", 0.9, OptionalDouble.empty());
    assertThat(new ConfidentLearning.Findings(List.of(unknown), 10, 0, 0).likely()).isZero();
  }

  private static Served served(String id, double confidence, double second, String shadow) {
    return new Served(
        id,
        "cat",
        confidence,
        second,
        Optional.empty(),
        shadow.isEmpty() ? Optional.empty() : Optional.of(new Served.Shadow(shadow, 0.8)));
  }

  @Test
  void answersWorthALookComeInOrder() {
    List<Doubt> doubts =
        Doubt.of(
            List.of(
                served("sure", 0.99, 0.01, ""),
                served("agreed", 0.98, 0.01, "cat"),
                served("unsure", 0.5, 0.45, ""),
                served("less", 0.5, 0.3, "cat"),
                served("split", 0.9, 0.05, "dog"),
                served("weak", 0.4, 0.35, "fox")),
            0.3);
    assertThat(doubts)
        .extracting(doubt -> doubt.served().prediction())
        .containsExactly("split", "weak", "unsure", "less");
    assertThat(doubts.getFirst().why()).isEqualTo("the other model says dog");
    assertThat(doubts).allMatch(doubt -> doubt.score() >= 0 && doubt.score() <= 1);
  }
}
