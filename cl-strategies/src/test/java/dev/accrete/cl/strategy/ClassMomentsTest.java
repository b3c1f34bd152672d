package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassMomentsTest {
  private static final int SIZE = 12;
  private static final int CLASSES = 5;
  private static final int COUNT = 400;
  private static final float[][] VECTORS = vectors();
  private static final Shrinkage SHRINKAGE =
      new Shrinkage.ToVariances("analytic.shrinkage", 0.25, 1e-6);
  private static final PositiveDefinite SOLVER = new EjmlSolver();

  private static float[][] vectors() {
    Rng rng = Rng.of(2, 0);
    float[][] vectors = new float[COUNT][SIZE];
    for (int v = 0; v < COUNT; v++) {
      for (int i = 0; i < SIZE; i++) {
        vectors[v][i] = (float) (3 * label(v) * (i % 3) + (i + 1) * rng.nextGaussian());
      }
      vectors[v][1] += 2 * vectors[v][0];
    }
    return vectors;
  }

  /** Class 4 has no vector. */
  private static int label(int vector) {
    return vector * 7 % 11 % 4;
  }

  private static int[] all() {
    return IntStream.range(0, COUNT).toArray();
  }

  private static int[] those(IntPredicate wanted) {
    return Arrays.stream(all()).filter(wanted).toArray();
  }

  private static ClassMoments of(int... vectors) {
    return add(new ClassMoments(CLASSES, SIZE), vectors);
  }

  private static ClassMoments add(ClassMoments moments, int... vectors) {
    for (int v : vectors) {
      moments.add(label(v), VECTORS[v], 0);
    }
    return moments;
  }

  private static Discriminant discriminant(ClassMoments moments) {
    return moments.discriminant(SHRINKAGE, true, SOLVER);
  }

  /** Every score of every vector, and what counts, to a share of the largest score. */
  private static void assertSame(ClassMoments actual, ClassMoments expected, double relative) {
    assertThat(actual.counts()).containsExactly(expected.counts());
    Discriminant a = discriminant(actual);
    Discriminant b = discriminant(expected);
    for (float[] z : VECTORS) {
      for (int c = 0; c < CLASSES; c++) {
        if (expected.counts()[c] == 0) {
          assertThat(a.bias()[c]).isEqualTo(Double.NEGATIVE_INFINITY);
          continue;
        }
        double score = score(b, c, z);
        assertThat(score(a, c, z)).isCloseTo(score, within(relative * (1 + Math.abs(score))));
      }
    }
  }

  private static double score(Discriminant d, int label, float[] z) {
    double sum = d.bias()[label];
    for (int i = 0; i < SIZE; i++) {
      sum += d.weights()[label][i] * z[i];
    }
    return sum;
  }

  @Test
  void aDiscriminantIsThatOfTheFormula() {
    ClassMoments moments = of(all());
    double[][] means = new double[CLASSES][SIZE];
    for (int v = 0; v < COUNT; v++) {
      for (int i = 0; i < SIZE; i++) {
        means[label(v)][i] += (double) VECTORS[v][i] / moments.counts()[label(v)];
      }
    }
    double[][] sigma = new double[SIZE][SIZE];
    double epsilon = 0.25 * SIZE / COUNT;
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        for (int v = 0; v < COUNT; v++) {
          double[] mean = means[label(v)];
          sigma[i][j] += (VECTORS[v][i] - mean[i]) * (VECTORS[v][j] - mean[j]) / COUNT;
        }
        sigma[i][j] = i == j ? sigma[i][j] + 1e-6 : (1 - epsilon) * sigma[i][j];
      }
    }
    double[] middle = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      for (int c = 0; c < CLASSES - 1; c++) {
        middle[i] += means[c][i] / (CLASSES - 1);
      }
    }
    Discriminant d = moments.discriminant(SHRINKAGE, false, SOLVER);
    for (int c = 0; c < CLASSES - 1; c++) {
      assertThat(moments.mean(c)).containsExactly(means[c], within(1e-9));
      double bias = 0;
      for (int i = 0; i < SIZE; i++) {
        double product = 0;
        for (int j = 0; j < SIZE; j++) {
          product += sigma[i][j] * d.weights()[c][j];
        }
        assertThat(product).isCloseTo(means[c][i] - middle[i], within(1e-9));
        bias -= 0.5 * d.weights()[c][i] * (means[c][i] + middle[i]);
      }
      assertThat(d.bias()[c]).isCloseTo(bias, within(1e-9 * Math.abs(bias) + 1e-12));
    }
    assertThat(d.bias()[4]).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void twoHalvesMakeTheWhole() {
    ClassMoments whole = of(all());
    ClassMoments merged = of(those(v -> v % 3 == 0));
    merged.merge(of(those(v -> v % 3 != 0)));
    assertSame(merged, whole, 1e-9);
    ClassMoments byClass = of(those(v -> label(v) == 2));
    byClass.merge(of(those(v -> label(v) != 2)));
    assertSame(byClass, whole, 1e-9);
  }

  @Test
  void theOrderIsOfNoAccount() {
    for (int seed = 0; seed < 3; seed++) {
      List<Integer> order = Arrays.asList(Arrays.stream(all()).boxed().toArray(Integer[]::new));
      Collections.shuffle(order, new Random(seed));
      assertSame(of(order.stream().mapToInt(v -> v).toArray()), of(all()), 1e-9);
    }
  }

  @Test
  void whatWasTakenOutWasNeverSeen() {
    ClassMoments moments = of(all());
    for (int v : those(v -> v % 5 == 2)) {
      moments.remove(label(v), VECTORS[v], 0);
    }
    assertSame(moments, of(those(v -> v % 5 != 2)), 1e-9);
    ClassMoments subject = of(those(v -> v % 5 == 1));
    moments.remove(subject);
    assertSame(moments, of(those(v -> v % 5 != 2 && v % 5 != 1)), 1e-9);
  }

  @Test
  void aClassCanBeTakenOut() {
    ClassMoments moments = of(all());
    moments.remove(of(those(v -> label(v) == 3)));
    assertSame(moments, of(those(v -> label(v) != 3)), 1e-9);
    for (int v : those(v -> label(v) == 1)) {
      moments.remove(1, VECTORS[v], 0);
    }
    assertSame(moments, of(those(v -> label(v) != 3 && label(v) != 1)), 1e-9);
    assertThat(moments.mean(1)).containsOnly(0.0);
    add(moments, those(v -> label(v) == 1));
    assertSame(moments, of(those(v -> label(v) != 3)), 1e-9);
  }

  @Test
  void moreThanThereIsCannotBeTakenOut() {
    ClassMoments moments = of(0, 1, 2);
    assertThatThrownBy(() -> moments.remove(4, VECTORS[0], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vectors of class 4");
    ClassMoments more = of(all());
    assertThatThrownBy(() -> moments.remove(more))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one cannot take");
    assertThatThrownBy(() -> moments.merge(new ClassMoments(CLASSES, SIZE + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not fit");
    assertSame(moments, of(0, 1, 2), 0);
  }

  @Test
  void savedStatisticsGoOnBitForBit() {
    ClassMoments half = of(those(v -> v < 200));
    MapState state = new MapState();
    half.save(state);
    ClassMoments resumed = new ClassMoments(CLASSES, SIZE);
    resumed.restore(state);
    MapState first = new MapState();
    MapState second = new MapState();
    add(half, those(v -> v >= 200)).save(first);
    add(resumed, those(v -> v >= 200)).save(second);
    second.assertSame(first);
    ClassMoments more = new ClassMoments(CLASSES + 2, SIZE);
    more.restore(state);
    assertThat(more.total()).isEqualTo(200);
    assertThatThrownBy(() -> new ClassMoments(CLASSES - 1, SIZE).restore(state))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("moments.counts");
    assertThatThrownBy(() -> new ClassMoments(CLASSES, SIZE - 1).restore(state))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("another network");
  }

  @Test
  void aBackendKeepsTheSameSums() {
    for (String name : List.of("reference", "vector")) {
      try (Backend backend = Backends.create(name, new BackendOptions(2));
          EngineSums sums = new EngineSums(backend, 64, SIZE, CLASSES + MeanPrior.probeCount())) {
        ClassMoments there = new ClassMoments(CLASSES, sums);
        float[] flat = new float[COUNT * SIZE];
        for (int v = 0; v < COUNT; v++) {
          System.arraycopy(VECTORS[v], 0, flat, v * SIZE, SIZE);
        }
        there.add(Arrays.stream(all()).map(ClassMomentsTest::label).toArray(), flat);
        assertSame(there, of(all()), 1e-12);
        Discriminant solved = there.discriminant(SHRINKAGE, true, sums);
        Discriminant expected = discriminant(of(all()));
        for (int c = 0; c < CLASSES - 1; c++) {
          assertThat(solved.bias()[c])
              .isCloseTo(expected.bias()[c], within(1e-9 * Math.abs(expected.bias()[c]) + 1e-12));
        }
        there.remove(label(7), VECTORS[7], 0);
        there.remove(of(those(v -> v > 300)));
        assertSame(there, of(those(v -> v <= 300 && v != 7)), 1e-11);
        MapState state = new MapState();
        there.save(state);
        ClassMoments here = new ClassMoments(CLASSES, SIZE);
        here.restore(state);
        here.merge(of(7));
        assertSame(here, of(those(v -> v <= 300)), 1e-11);
      }
    }
  }

  @Test
  void ofAllThatIsTakenOutNothingIsLeft() {
    ClassMoments moments = of(all());
    for (int v = COUNT - 1; v >= 0; v--) {
      moments.remove(label(v), VECTORS[v], 0);
    }
    MapState state = new MapState();
    moments.save(state);
    MapState fresh = new MapState();
    new ClassMoments(CLASSES, SIZE).save(fresh);
    state.assertSame(fresh);
  }

  /** Images of a hundred times as many, of features far from zero, and of one that never varies. */
  @Test
  void ofAHundredthThatIsLeftTheCovarianceIsAsGood() {
    Rng rng = Rng.of(6, 0);
    int count = 5000;
    float[][] vectors = new float[count][SIZE];
    for (float[] vector : vectors) {
      for (int i = 0; i < SIZE; i++) {
        vector[i] = (float) (i == 3 ? 0.7 : 10 * i + rng.nextGaussian());
      }
      vector[5] = vector[4];
    }
    ClassMoments moments = new ClassMoments(2, SIZE);
    ClassMoments rest = new ClassMoments(2, SIZE);
    for (int v = 0; v < count; v++) {
      moments.add(v % 2, vectors[v], 0);
      if (v % 100 < 2) {
        rest.add(v % 2, vectors[v], 0);
      }
    }
    for (int v = 0; v < count; v++) {
      if (v % 100 >= 2) {
        moments.remove(v % 2, vectors[v], 0);
      }
    }
    Discriminant actual = discriminant(moments);
    Discriminant expected = discriminant(rest);
    for (float[] z : vectors) {
      double margin = score(expected, 1, z) - score(expected, 0, z);
      double scale = Math.abs(score(expected, 0, z));
      assertThat(score(actual, 1, z) - score(actual, 0, z))
          .isCloseTo(margin, within(1e-6 * (1 + Math.abs(margin)) + 1e-9 * scale));
    }
  }

  @Test
  void classesMayHaveOtherNumbersThere() {
    ClassMoments whole = of(all());
    ClassMoments merged = of(those(v -> v % 2 == 0));
    ClassMoments other = new ClassMoments(4, SIZE);
    int[] here = {2, 0, 3, 1};
    for (int v : those(v -> v % 2 == 1)) {
      int there = IntStream.range(0, 4).filter(c -> here[c] == label(v)).findFirst().orElseThrow();
      other.add(there, VECTORS[v], 0);
    }
    merged.merge(other, here);
    assertSame(merged, whole, 1e-9);
  }

  @Test
  void aCovarianceThatIsNotFiniteIsAnError() {
    ClassMoments moments = of(0, 1, 2);
    moments.add(0, new float[SIZE], 0);
    float[] broken = new float[SIZE];
    broken[3] = Float.NaN;
    moments.add(0, broken, 0);
    assertThatThrownBy(() -> discriminant(moments))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("analytic.shrinkage");
  }

  @Test
  void discriminatesAsTheClosedFormInTwoDimensions() {
    ClassMoments moments = new ClassMoments(2, 2);
    float[][] first = {{1, 0}, {-1, 0}, {0, 2}, {0, -2}};
    for (float[] z : first) {
      moments.add(0, z, 0);
      moments.add(1, new float[] {z[0] + 4, z[1] + 4}, 0);
    }
    // The covariance is diag(1/2, 2); half-way to the identity it is diag(3/4, 3/2).
    Shrinkage half = new Shrinkage.ToIdentity("slda.shrinkage", 0.5);
    Discriminant d = moments.discriminant(half, false, SOLVER);
    // Told from (2, 2), the middle of (0, 0) and (4, 4).
    assertThat(d.weights()[0]).containsExactly(new double[] {-8 / 3.0, -4 / 3.0}, within(1e-12));
    assertThat(d.weights()[1]).containsExactly(new double[] {8 / 3.0, 4 / 3.0}, within(1e-12));
    assertThat(d.bias()).containsExactly(new double[] {4, -12}, within(1e-12));
    float[] padded = {9, 2, 1};
    float[] scores = d.scores(padded, 1);
    assertThat(scores[1] - scores[0]).isCloseTo((32 + 8) / 3f - 16, within(1e-5f));
  }

  @Test
  void aClassThatIsAloneIsStillDescribed() {
    ClassMoments moments = new ClassMoments(2, 2);
    for (float[] z : new float[][] {{1, 0}, {-1, 0}, {4, 4}}) {
      moments.add(1, z, 0);
    }
    Discriminant d = moments.discriminant(SHRINKAGE, true, SOLVER);
    assertThat(d.bias()[0]).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(d.bias()[1]).isNegative();
    assertThat(d.weights()[1]).doesNotContain(0);
  }

  /** Its variance is 0, so that any difference in it would count for everything. */
  @Test
  void whatNeverChangesCostsNoDigits() {
    ClassMoments plain = new ClassMoments(3, 4);
    ClassMoments shifted = new ClassMoments(3, 4);
    List<float[]> vectors = new ArrayList<>();
    Rng rng = Rng.of(5, 5);
    for (int v = 0; v < 300; v++) {
      float[] z = new float[4];
      for (int i = 0; i < 3; i++) {
        z[i] = (float) (rng.nextGaussian() + (v % 3 == i ? 1 : 0));
      }
      plain.add(v % 3, z, 0);
      float[] constant = z.clone();
      constant[3] = 30;
      shifted.add(v % 3, constant, 0);
      vectors.add(constant);
    }
    Discriminant without = discriminant(plain);
    Discriminant with = discriminant(shifted);
    for (float[] z : vectors) {
      float[] expected = without.scores(new float[] {z[0], z[1], z[2], 0}, 0);
      float[] actual = with.scores(z, 0);
      assertThat(actual).containsExactly(expected, within(1e-4f));
    }
  }

  @Test
  void fewerVectorsThanDimensionsAreEnoughWithShrinkage() {
    Shrinkage[] forms = {SHRINKAGE, new Shrinkage.ToIdentity("slda.shrinkage", 1e-4)};
    for (Shrinkage form : forms) {
      ClassMoments moments = new ClassMoments(2, 64);
      Rng rng = Rng.of(1, 1);
      for (int v = 0; v < 6; v++) {
        float[] z = new float[64];
        for (int i = 0; i < z.length; i++) {
          z[i] = (float) rng.nextGaussian() + v % 2;
        }
        moments.add(v % 2, z, 0);
      }
      for (double bias : moments.discriminant(form, false, SOLVER).bias()) {
        assertThat(bias).isFinite();
      }
    }
  }
}
