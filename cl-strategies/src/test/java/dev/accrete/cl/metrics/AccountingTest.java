package dev.accrete.cl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.accrete.cl.scenario.CoreOptions;
import dev.accrete.cl.scenario.Scenarios;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AccountingTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-12);
  private static final Offset<Double> ROUNDED = Offset.offset(0.0005);

  private static int[] sizes() {
    return Scenarios.parse("nicv2-391").overCore50(CoreOptions.STANDARD, 0).sizes();
  }

  private static SortedMap<Integer, Double> sample(double[] costs, int... at) {
    SortedMap<Integer, Double> sample = new TreeMap<>();
    for (int t : at) {
      sample.put(t, costs[t]);
    }
    return sample;
  }

  @Test
  void seedAccountingReproducesTheClaimAt391() {
    SeedAccounting seed = SeedAccounting.ofEqualExperiences(391);

    assertThat(seed.compute().average()).isEqualTo(0.46, EXACT);
    assertThat(seed.compute().last()).isEqualTo(0.92, EXACT);
    assertThat(seed.memory().average()).isEqualTo(195 / 391.0, EXACT).isEqualTo(0.499, ROUNDED);
    assertThat(seed.memory().last()).isEqualTo(390 / 391.0, EXACT).isEqualTo(0.997, ROUNDED);
  }

  @Test
  void seedAccountingOfTheRealSizesCountsTheLargeFirstBatch() {
    SeedAccounting seed = SeedAccounting.of(sizes());

    // Re-training holds 2,999 + 300 (t - 1) images or so: (390 * 2,999 + 300 * 390 * 389 / 2) / 391
    // of 119,894 on average, less what AR1* holds.
    assertThat(seed.memory().average()).isEqualTo(0.510, Offset.offset(0.001));
    assertThat(seed.memory().last()).isEqualTo(1 - 300 / 119_894.0, Offset.offset(1e-4));
    assertThat(seed.compute()).isEqualTo(SeedAccounting.ofEqualExperiences(391).compute());
  }

  @Test
  void retrainScheduleRisesFrom4To50() {
    RetrainSchedule schedule = new RetrainSchedule(391);

    assertThat(schedule.epochs(0)).isEqualTo(4);
    assertThat(schedule.exactEpochs(195)).isEqualTo(27, EXACT);
    assertThat(schedule.epochs(390)).isEqualTo(50);
    assertThat(new RetrainSchedule(1).epochs(0)).isEqualTo(4);
    assertThat(new RetrainSchedule(2).work(new int[] {10, 5})).containsExactly(40, 750);
    assertThatIllegalArgumentException().isThrownBy(() -> new RetrainSchedule(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schedule.imagesHeld(new int[3]))
        .withMessageContaining("3 sizes");
  }

  @Test
  void aCostInProportionToItsWorkIsRecoveredFromAnySample() {
    int[] sizes = sizes();
    double[] work = new RetrainSchedule(391).work(sizes);
    double[] truth = Arrays.stream(work).map(images -> 36e6 * images).toArray();
    double[] continual = Arrays.stream(sizes).mapToDouble(n -> 36e6 * 4 * n).toArray();
    MeasuredAccounting measured =
        MeasuredAccounting.compute(continual, work, sample(truth, 0, 100, 390));

    assertThat(measured.retrain()).containsExactly(truth, Offset.offset(1.0));
    assertThat(measured.sampledAt()).containsExactly(0, 100, 390);
    assertThat(measured.isLastMeasured()).isTrue();
    double last = truth[390];
    double expected = 0;
    for (int t = 0; t < 391; t++) {
      expected += (truth[t] - continual[t]) / last / 391;
    }
    assertThat(measured.saving().average()).isEqualTo(expected, Offset.offset(1e-9));
    assertThat(measured.saving().last())
        .isEqualTo(1 - 1_200 / (50 * 119_894.0), Offset.offset(1e-4));
    assertThat(measured.stream())
        .isEqualTo(
            1 - Arrays.stream(continual).sum() / Arrays.stream(truth).sum(), Offset.offset(1e-9));
  }

  @Test
  void costPerUnitIsInterpolatedBetweenSamplesAndConstantOutside() {
    double[] work = {10, 20, 30, 40, 50};
    double[] continual = new double[5];
    SortedMap<Integer, Double> sampled = new TreeMap<>();
    sampled.put(1, 20.0); // 1 a unit
    sampled.put(3, 120.0); // 3 a unit
    MeasuredAccounting measured = MeasuredAccounting.compute(continual, work, sampled);

    assertThat(measured.retrain()).containsExactly(10, 20, 60, 120, 150);
    assertThat(measured.isLastMeasured()).isFalse();
    assertThat(measured.saving().average())
        .isEqualTo((10 + 20 + 60 + 120 + 150) / 150.0 / 5, EXACT);
  }

  @Test
  void peaksAreInterpolatedInImagesHeldAndTheHighestCounts() {
    double[] held = {100, 200, 250, 300};
    double[] continual = {40, 10, 10, 10};
    SortedMap<Integer, Double> sampled = new TreeMap<>();
    sampled.put(0, 40.0);
    sampled.put(3, 80.0);
    MeasuredAccounting measured = MeasuredAccounting.memory(continual, held, sampled);

    assertThat(measured.retrain()).containsExactly(40, 60, 70, 80);
    assertThat(measured.stream()).isEqualTo(0.5, EXACT);
    assertThat(measured.saving().last()).isEqualTo(70 / 80.0, EXACT);
    assertThat(measured.saving().average()).isEqualTo((0 + 50 + 60 + 70) / 80.0 / 4, EXACT);
  }

  @Test
  void aStrategyThatCostsMoreHasANegativeSaving() {
    double[] one = {1, 1};
    MeasuredAccounting measured =
        MeasuredAccounting.compute(new double[] {3, 3}, one, sample(one, 0, 1));
    assertThat(measured.saving()).isEqualTo(new Saving(-2, -2));
    assertThat(measured.stream()).isEqualTo(-2, EXACT);
  }

  @Test
  void impossibleMeasurementsAreRefused() {
    double[] work = {1, 2};
    double[] costs = {1, 1};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasuredAccounting.compute(costs, work, new TreeMap<>()))
        .withMessageContaining("at least at the last one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasuredAccounting.compute(new double[3], work, sample(costs, 0)))
        .withMessageContaining("3 costs");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> MeasuredAccounting.compute(costs, work, sample(new double[] {1, 1, 1}, 2)))
        .withMessageContaining("experience 2");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> MeasuredAccounting.memory(costs, work, sample(new double[] {Double.NaN}, 0)))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasuredAccounting.compute(new double[] {-1, 1}, work, sample(costs, 0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasuredAccounting.compute(costs, new double[2], sample(costs, 0)));
  }
}
