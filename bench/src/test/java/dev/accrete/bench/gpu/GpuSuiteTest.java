package dev.accrete.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.bench.regression.RegressionReport;
import dev.accrete.bench.regression.Verdict;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Precision;
import dev.accrete.kernels.cuda.DeviceFacts;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Made-up samples: what becomes of them must not depend on any clock. */
class GpuSuiteTest {
  private static final Map<String, String> FAMILIES =
      Map.of("a", "ops", "b", "ops", "c", "ops", "new", "ops", "wrong", "ops");
  private static final int PROCESSES = 3;

  @TempDir private Path folder;

  private static GpuReport run(
      GpuSuite.Measurer measurer, Question question, Optional<Baselines> baselines)
      throws Exception {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new GpuSuite(measurer, PROCESSES, nowhere).run(question, FAMILIES, "r1", baselines);
  }

  private Optional<Baselines> baseline(Answers answers, Question question) throws Exception {
    Path file = folder.resolve("baseline.json");
    Baselines.readOrNone(file).update(run(answers, question, Optional.empty()));
    return Optional.of(Baselines.read(file));
  }

  @Test
  void tellsSlowerFasterAndSame() throws Exception {
    Answers before = new Answers(Answers.DEVICE, Map.of("a", 1.0, "b", 2.0, "c", 3.0));
    Optional<Baselines> baseline = baseline(before, Answers.question(10, "a", "b", "c"));
    Answers after = new Answers(Answers.DEVICE, Map.of("a", 1.1, "b", 2.0, "c", 2.5));
    GpuReport report = run(after, Answers.question(10, "a", "b", "c"), baseline);
    assertThat(report.judged())
        .extracting(RegressionReport.Case::verdict)
        .containsExactly(Verdict.SLOWER, Verdict.SAME, Verdict.FASTER);
    assertThat(report.isRegression()).isTrue();
    assertThat(report.isFailure()).isFalse();
  }

  @Test
  void findsAnInjectedSlowdownOfFivePercentAndNoneWhereThereIsNone() throws Exception {
    Question question = Answers.question(10, "a");
    Optional<Baselines> baseline =
        baseline(new Answers(Answers.DEVICE, Map.of("a", 1.0)), question);
    assertThat(run(new Answers(Answers.DEVICE, Map.of("a", 1.05)), question, baseline))
        .matches(GpuReport::isRegression);
    assertThat(run(new Answers(Answers.DEVICE, Map.of("a", 1.0)), question, baseline))
        .matches(report -> !report.isRegression());
  }

  @Test
  void measuresOnceMoreWhatIsAmbiguousAndThatAlone() throws Exception {
    Question question = Answers.question(10, "a", "b");
    Optional<Baselines> baseline =
        baseline(new Answers(Answers.DEVICE, Map.of("a", 1.0, "b", 1.0), 0), question);
    // The interval excludes 1, but the gap of 4% is within three deviations of 2%.
    Answers noisy = new Answers(Answers.DEVICE, Map.of("a", 1.04, "b", 1.0), 0.02);
    GpuReport report = run(noisy, question, baseline);
    assertThat(report.judgement("a").orElseThrow().repeated()).isTrue();
    assertThat(noisy.asked.subList(PROCESSES, noisy.asked.size()))
        .isNotEmpty()
        .allSatisfy(again -> assertThat(again.check()).isFalse())
        .anySatisfy(again -> assertThat(again.cases()).containsExactly("a"));
  }

  @Test
  void checksInTheFirstProcessAlone() throws Exception {
    Answers answers = new Answers(Answers.DEVICE, Map.of("a", 1.0));
    GpuReport report = run(answers, Answers.question(2, "a"), Optional.empty());
    assertThat(answers.asked).extracting(Question::check).containsExactly(true, false, false);
    assertThat(report.cases().getFirst().checked()).isEqualTo("compared");
    assertThat(report.cases().getFirst().samples()).hasSize(2 * PROCESSES);
  }

  @Test
  void listsWhatWasAddedAndRemoved() throws Exception {
    Optional<Baselines> baseline =
        baseline(
            new Answers(Answers.DEVICE, Map.of("a", 1.0, "b", 1.0)), Answers.question(4, "a", "b"));
    GpuReport report =
        run(
            new Answers(Answers.DEVICE, Map.of("a", 1.0, "new", 1.0)),
            Answers.question(4, "a", "new"),
            baseline);
    assertThat(report.added()).containsExactly("new");
    assertThat(report.removed()).containsExactly("b");
    assertThat(report.judged()).extracting(RegressionReport.Case::name).containsExactly("a");
  }

  @Test
  void neverComparesAcrossDevicesAndSaysSoAfterOneProcess() throws Exception {
    Question question = Answers.question(4, "a");
    Optional<Baselines> baseline =
        baseline(new Answers(Answers.DEVICE, Map.of("a", 1.0)), question);
    DeviceFacts other = new DeviceFacts("GPU B", "8.0", 108, 0, 0, 0, "13.0", "");
    Answers elsewhere = new Answers(other, Map.of("a", 1.0));
    assertThatThrownBy(() -> run(elsewhere, question, baseline))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("[GPU A]")
        .hasMessageContaining("none of GPU B")
        .hasMessageContaining("--update-baseline");
    assertThat(elsewhere.asked).hasSize(1);
  }

  @Test
  void neverComparesAcrossSizes() throws Exception {
    Optional<Baselines> baseline =
        baseline(new Answers(Answers.DEVICE, Map.of("a", 1.0)), Answers.question(4, "a"));
    assertThatThrownBy(() -> baseline.orElseThrow().of(Answers.DEVICE, GpuCases.Size.FULL))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("QUICK")
        .hasMessageContaining("FULL");
  }

  @Test
  void keepsTheBaselinesOfOtherDevices() throws Exception {
    Question question = Answers.question(4, "a");
    baseline(new Answers(Answers.DEVICE, Map.of("a", 1.0)), question);
    DeviceFacts other = new DeviceFacts("GPU B", "8.0", 108, 0, 0, 0, "13.0", "");
    Baselines both = baseline(new Answers(other, Map.of("a", 2.0)), question).orElseThrow();
    assertThat(both.of(Answers.DEVICE, GpuCases.Size.QUICK).cases().getFirst().medianMs())
        .isBetween(0.9, 1.1);
    assertThat(both.of(other, GpuCases.Size.QUICK).cases().getFirst().medianMs())
        .isBetween(1.8, 2.2);
  }

  @Test
  void aWrongCaseFailsTheReportAndIsNotJudged() throws Exception {
    Question question = Answers.question(4, "a", "wrong");
    Optional<Baselines> baseline =
        baseline(new Answers(Answers.DEVICE, Map.of("a", 1.0)), Answers.question(4, "a"));
    GpuReport report = run(new Answers(Answers.DEVICE, Map.of("a", 1.0)), question, baseline);
    assertThat(report.isFailure()).isTrue();
    assertThat(report.cases().getLast().failure()).contains("holds NaN");
    assertThat(report.judged()).extracting(RegressionReport.Case::name).containsExactly("a");
    assertThat(new GpuPage(report, new Peers(List.of())).html()).contains("holds NaN");
  }

  @Test
  void aFileThatIsNoBaselineIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("other.json"), "[1]");
    assertThatThrownBy(() -> Baselines.read(file))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("other.json is no file of baselines");
    assertThatThrownBy(() -> Baselines.read(folder.resolve("none.json")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("--update-baseline");
  }

  @Test
  void sharesAreOfTheNearerLimit() {
    Answer.Roofline roofline = new Answer.Roofline(1000, 10, 20, 40);
    // 1 MB at 1000 GB/s takes 1 us, 100 million operations at 10 TFLOP/s take 10 us.
    assertThat(roofline.leastMillis(Precision.FP32, 1_000_000, 100_000_000)).isEqualTo(0.01);
    assertThat(roofline.limit(Precision.FP32, 1_000_000, 100_000_000)).isEqualTo("arithmetic");
    assertThat(roofline.limit(Precision.FP32, 1_000_000, 0)).isEqualTo("memory");
    // By tensor cores the same operations take half, a quarter.
    assertThat(roofline.leastMillis(Precision.TF32, 1_000_000, 100_000_000)).isEqualTo(0.005);
    assertThat(roofline.leastMillis(Precision.BF16, 1_000_000, 100_000_000)).isEqualTo(0.0025);
  }
}
