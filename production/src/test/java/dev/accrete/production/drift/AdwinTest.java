package dev.accrete.production.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AdwinTest {
  /** The same window, with every value kept and every number computed from the values. */
  private static final class Plain {
    private final List<List<Double>> buckets = new ArrayList<>();
    private int seen;

    boolean add(double value) {
      buckets.add(List.of(value));
      for (int size = 1; ; size *= 2) {
        int of = size;
        List<Integer> places =
            IntStream.range(0, buckets.size())
                .filter(i -> buckets.get(i).size() == of)
                .boxed()
                .toList();
        if (places.size() <= 5) {
          break;
        }
        List<Double> merged = new ArrayList<>(buckets.get(places.get(0)));
        merged.addAll(buckets.remove((int) places.get(1)));
        buckets.set(places.get(0), merged);
      }
      boolean cut = false;
      if (++seen % 32 == 0 && values().size() > 10) {
        while (cutOnce()) {
          cut = true;
        }
      }
      return cut;
    }

    private boolean cutOnce() {
      List<Double> all = values();
      double variance =
          all.stream().mapToDouble(v -> Math.pow(v - mean(all), 2)).sum() / all.size();
      int count = 0;
      for (int b = 0; b < buckets.size() - 1; b++) {
        count += buckets.get(b).size();
        int rest = all.size() - count;
        if (count < 5 || rest < 5) {
          continue;
        }
        double part = Math.log(2 * Math.log(all.size()) / 0.002);
        double inverse = 1.0 / (count - 4) + 1.0 / (rest - 4);
        double bound = Math.sqrt(2 * inverse * variance * part) + 2 * part * inverse / 3;
        double gap = mean(all.subList(0, count)) - mean(all.subList(count, all.size()));
        if (Math.abs(gap) > bound) {
          buckets.removeFirst();
          return true;
        }
      }
      return false;
    }

    List<Double> values() {
      return buckets.stream().flatMap(List::stream).toList();
    }

    static double mean(List<Double> values) {
      return values.stream().mapToDouble(v -> v).average().orElseThrow();
    }
  }

  @Test
  void bucketsSayWhatAllValuesWould() {
    Rng rng = Rng.of(3, 4);
    Adwin adwin = new Adwin(Adwin.DELTA);
    Plain plain = new Plain();
    int cuts = 0;
    for (int i = 0; i < 1500; i++) {
      double rate = i < 500 ? 0.2 : i < 900 ? 0.7 : 0.4;
      double value = i % 3 == 0 ? rng.nextDouble() * rate : rng.nextDouble() < rate ? 1 : 0;
      boolean cut = adwin.add(value);
      assertThat(cut).as("cut at %d", i).isEqualTo(plain.add(value));
      cuts += cut ? 1 : 0;
      if (i % 50 == 0) {
        assertThat(adwin.size()).isEqualTo(plain.values().size());
        assertThat(adwin.mean()).isCloseTo(Plain.mean(plain.values()), within(1e-12));
      }
    }
    assertThat(cuts).isPositive();
    assertThat(adwin.size()).isLessThan(700);
  }

  @Test
  void aSuddenChangeIsFoundSoonAndTheOldIsForgotten() {
    Rng rng = Rng.of(5, 6);
    Adwin adwin = new Adwin(Adwin.DELTA);
    for (int i = 0; i < 2000; i++) {
      assertThat(adwin.add(rng.nextDouble() < 0.1 ? 1 : 0)).isFalse();
    }
    assertThat(adwin.size()).isEqualTo(2000);
    int delay = 0;
    while (!adwin.add(rng.nextDouble() < 0.5 ? 1 : 0)) {
      delay++;
      assertThat(delay).isLessThan(200);
    }
    for (int i = 0; i < 1000; i++) {
      adwin.add(rng.nextDouble() < 0.5 ? 1 : 0);
    }
    assertThat(adwin.mean()).isCloseTo(0.5, within(0.06));
  }

  @Test
  void aSteadyStreamIsHardlyEverCut() {
    int alarms = 0;
    int streams = 40;
    for (int s = 0; s < streams; s++) {
      Rng rng = Rng.of(7, s);
      Adwin adwin = new Adwin(0.05);
      for (int i = 0; i < 3000; i++) {
        alarms += adwin.add(rng.nextDouble() < 0.3 ? 1 : 0) ? 1 : 0;
      }
    }
    // The theorem bounds the rate at each check by delta; over whole streams it is far below.
    assertThat(alarms).isLessThanOrEqualTo(streams * 3000 / 32 / 20);
    assertThat(alarms).isLessThanOrEqualTo(4);
  }

  @Test
  void aStateGoesOn() {
    Rng rng = Rng.of(8, 1);
    Adwin adwin = new Adwin(0.01);
    for (int i = 0; i < 777; i++) {
      adwin.add(rng.nextDouble());
    }
    Adwin other = Adwin.ofState(adwin.state());
    assertThat(other.seen()).isEqualTo(777);
    for (int i = 0; i < 400; i++) {
      double value = 0.5 * rng.nextDouble();
      assertThat(other.add(value)).isEqualTo(adwin.add(value));
    }
    assertThat(other.state()).isEqualTo(adwin.state());
    assertThat(adwin.state().length).as("logarithmic").isLessThan(200);
  }

  @Test
  void anEmptyWindowHasNoMeanAndBadNumbersAreRefused() {
    Adwin adwin = new Adwin(Adwin.DELTA);
    assertThat(adwin.mean()).isNaN();
    assertThat(adwin.variance()).isZero();
    assertThatThrownBy(() -> adwin.add(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Adwin(0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Adwin.ofState(new double[4])).hasMessageContaining("none of ours");
  }
}
