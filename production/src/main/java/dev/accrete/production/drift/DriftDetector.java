package dev.accrete.production.drift;

import dev.accrete.core.Rng;
import dev.accrete.production.policy.IngestPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Compares a day with the days before. Deterministic. Every group of tests (class mix, looks,
 * latents) as a whole calls chance a drift no more often than the policy's significance.
 */
public final class DriftDetector {
  private static final long SEED = 0x6472_6966L;
  private static final int LEAST_PERMUTATIONS = 499;
  private static final int MOST_PERMUTATIONS = 20_000;

  /** Points of each side that kernels are computed for: the work grows with their square. */
  private static final int MOST_POINTS = 256;

  private final IngestPolicy policy;
  private final int permutations;

  /** By the limits of a policy. */
  public DriftDetector(IngestPolicy policy) {
    this.policy = policy;
    permutations =
        (int)
            Math.clamp(
                Math.ceil(4 / policy.driftSignificance()), LEAST_PERMUTATIONS, MOST_PERMUTATIONS);
  }

  /** What is different today. */
  public DriftReport compare(DaySample today, DaySample reference) {
    List<Shift> shifts = new ArrayList<>();
    if (enough(today.images(), reference.images())) {
      shifts.add(classMix(today, reference));
    }
    if (enough(today.looks().size(), reference.looks().size())) {
      shifts.addAll(looks(today.looks(), reference.looks()));
    }
    if (enough(today.latents().size(), reference.latents().size())) {
      shifts.addAll(latents(today.latents(), reference.latents()));
    }
    return new DriftReport(today.images(), reference.images(), shifts);
  }

  private boolean enough(int today, int reference) {
    return Math.min(today, reference) >= policy.driftMinImages();
  }

  private Shift classMix(DaySample today, DaySample reference) {
    SortedSet<String> names = new TreeSet<>(today.classes().keySet());
    names.addAll(reference.classes().keySet());
    int[] now = today.counts(names);
    int[] before = reference.counts(names);
    double observed = distance(now, before);
    List<String> fresh =
        names.stream().filter(name -> !reference.classes().containsKey(name)).toList();
    return shift(
        "class-mix",
        observed,
        mixPValue(now, before, observed),
        policy.classMixWarn(),
        policy.classMixRefuse(),
        fresh.isEmpty() ? "" : fresh.size() + " classes were never there before");
  }

  private static double distance(int[] first, int[] second) {
    return JensenShannon.distance(
        Arrays.stream(first).asDoubleStream().toArray(),
        Arrays.stream(second).asDoubleStream().toArray());
  }

  /** How often a day drawn from all images at random is at least as far from the rest. */
  private double mixPValue(int[] now, int[] before, double observed) {
    int[] pool = new int[Arrays.stream(now).sum() + Arrays.stream(before).sum()];
    int filled = 0;
    int today = Arrays.stream(now).sum();
    for (int label = 0; label < now.length; label++) {
      int count = now[label] + before[label];
      Arrays.fill(pool, filled, filled + count, label);
      filled += count;
    }
    Rng rng = Rng.of(SEED, 1);
    int asFar = 1;
    for (int p = 0; p < permutations; p++) {
      int[] drawn = new int[now.length];
      for (int i = 0; i < today; i++) {
        int other = i + rng.nextInt(pool.length - i);
        int label = pool[other];
        pool[other] = pool[i];
        pool[i] = label;
        drawn[label]++;
      }
      int[] rest = new int[now.length];
      for (int label = 0; label < rest.length; label++) {
        rest[label] = now[label] + before[label] - drawn[label];
      }
      // Equal counts may differ in the last bits.
      if (distance(drawn, rest) >= observed - 1e-12) {
        asFar++;
      }
    }
    return (double) asFar / (permutations + 1);
  }

  private List<Shift> looks(List<ImageLook> today, List<ImageLook> reference) {
    List<String> names = new ArrayList<>();
    List<KolmogorovSmirnov> tests = new ArrayList<>();
    for (int property = 0; property < ImageLook.NAMES.size(); property++) {
      double[] now = known(today, property);
      double[] before = known(reference, property);
      if (enough(now.length, before.length)) {
        names.add(ImageLook.NAMES.get(property));
        tests.add(KolmogorovSmirnov.of(now, before));
      }
    }
    List<Shift> shifts = new ArrayList<>();
    for (int i = 0; i < tests.size(); i++) {
      shifts.add(
          shift(
              names.get(i),
              tests.get(i).statistic(),
              Math.min(1, tests.size() * tests.get(i).pValue()),
              policy.propertiesWarn(),
              policy.propertiesRefuse(),
              ""));
    }
    return shifts;
  }

  private static double[] known(List<ImageLook> looks, int property) {
    return looks.stream()
        .mapToDouble(look -> look.values()[property])
        .filter(value -> !Double.isNaN(value))
        .toArray();
  }

  private List<Shift> latents(List<float[]> today, List<float[]> reference) {
    int groups = 2;
    MeanDiscrepancy discrepancy =
        MeanDiscrepancy.of(some(today), some(reference), permutations, Rng.of(SEED, 2));
    Shift mmd =
        shift(
            "latents-mmd",
            discrepancy.score(),
            Math.min(1, groups * discrepancy.pValue()),
            policy.latentsWarn(),
            policy.latentsRefuse(),
            "");
    return List.of(mmd, dimensions(today, reference, groups));
  }

  /** Evenly spread over a list. */
  private static float[][] some(List<float[]> rows) {
    int count = Math.min(MOST_POINTS, rows.size());
    float[][] some = new float[count][];
    for (int i = 0; i < count; i++) {
      some[i] = rows.get((int) ((long) i * rows.size() / count));
    }
    return some;
  }

  private Shift dimensions(List<float[]> today, List<float[]> reference, int groups) {
    int width = today.getFirst().length;
    double least = 1;
    double greatest = 0;
    int shifted = 0;
    for (int d = 0; d < width; d++) {
      KolmogorovSmirnov test = KolmogorovSmirnov.ofSorted(column(today, d), column(reference, d));
      double corrected = Math.min(1, (double) groups * width * test.pValue());
      if (corrected <= policy.driftSignificance()) {
        shifted++;
      }
      if (corrected < least || (corrected == least && test.statistic() > greatest)) {
        least = corrected;
        greatest = test.statistic();
      }
    }
    return shift(
        "latents-ks",
        greatest,
        least,
        policy.latentsWarn(),
        policy.latentsRefuse(),
        String.format(Locale.ROOT, "%d of %d dimensions", shifted, width));
  }

  private static double[] column(List<float[]> rows, int dimension) {
    double[] column = rows.stream().mapToDouble(row -> row[dimension]).toArray();
    Arrays.sort(column);
    return column;
  }

  private Shift shift(
      String name, double score, double pValue, double warn, double refuse, String detail) {
    return new Shift(
        name, score, pValue, pValue <= policy.driftSignificance(), warn, refuse, detail);
  }
}
