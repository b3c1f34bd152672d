package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import dev.accrete.core.op.Triangle;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricSumsTest {
  private static final int WIDTH = 37;
  private static final Triangle TRIANGLE = new Triangle(WIDTH);

  private static float[] vectors(int count) {
    Rng rng = Rng.of(3, 1);
    float[] vectors = new float[count * WIDTH];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = (float) (3 + rng.nextGaussian());
    }
    return vectors;
  }

  private static double[] expected(float[] vectors, int count) {
    double[] triangle = new double[TRIANGLE.length()];
    for (int v = 0; v < count; v++) {
      for (int i = 0; i < WIDTH; i++) {
        for (int j = i; j < WIDTH; j++) {
          triangle[TRIANGLE.at(i, j)] += (double) vectors[v * WIDTH + i] * vectors[v * WIDTH + j];
        }
      }
    }
    return triangle;
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "vector"})
  void whatIsAddedCanBeTakenOff(String name) {
    float[] vectors = vectors(200);
    try (Backend backend = Backends.create(name, new BackendOptions(2));
        SymmetricSums sums = new SymmetricSums(backend, 40, WIDTH)) {
      sums.add(vectors, 0, 130);
      sums.add(vectors, 130 * WIDTH, 1);
      sums.add(vectors, 131 * WIDTH, 69);
      assertThat(sums.triangle()).containsExactly(expected(vectors, 200), within(1e-9));
      sums.subtract(vectors, 2 * WIDTH, 198);
      assertThat(sums.triangle()).containsExactly(expected(vectors, 2), within(1e-11));
      assertThat(sums.macs(40)).isEqualTo(40L * TRIANGLE.length());
      assertThat(sums.macs(43)).isEqualTo(56L * TRIANGLE.length());
      assertThat(sums.macs(3)).isEqualTo(16L * TRIANGLE.length());
      double[] other = new double[TRIANGLE.length()];
      Arrays.setAll(other, i -> i);
      sums.setTriangle(other);
      assertThat(sums.triangle()).isEqualTo(other);
      assertThat(sums.bytes()).isGreaterThan(8L * TRIANGLE.length());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "vector"})
  void systemsAreSolvedOrRefused(String name) {
    float[] vectors = vectors(100);
    try (Backend backend = Backends.create(name, new BackendOptions(2));
        SymmetricSums sums = new SymmetricSums(backend, 100, WIDTH);
        SymmetricSolver solver = sums.solver(3)) {
      sums.add(vectors, 0, 100);
      double[] rows = new double[3 * WIDTH];
      Arrays.fill(rows, 0, WIDTH, 1);
      double[] less = solver.less(rows);
      double[] all = expected(vectors, 100);
      for (int i = 0; i < less.length; i++) {
        assertThat(less[i]).isCloseTo(all[i] - 1, within(1e-9));
      }
      assertThat(sums.triangle()).containsExactly(all, within(1e-9));
      double[] x = solver.solve(less, rows).orElseThrow();
      for (int i = 0; i < WIDTH; i++) {
        double product = 0;
        for (int j = 0; j < WIDTH; j++) {
          product += less[TRIANGLE.at(Math.min(i, j), Math.max(i, j))] * x[j];
        }
        assertThat(product).isCloseTo(1, within(1e-9));
      }
      assertThat(Arrays.copyOfRange(x, WIDTH, 3 * WIDTH)).containsOnly(0.0);
      assertThat(solver.solve(new double[less.length], rows)).isEmpty();
      less[0] = Double.NaN;
      assertThat(solver.solve(less, rows)).isEmpty();
    }
  }
}
