package dev.accrete.kernels.vector.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.kernels.vector.run.Runners;
import dev.accrete.kernels.vector.run.WorkerPool;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "3, 5, 7",
    "16, 32, 16",
    "17, 33, 65",
    "128, 50, 100",
    "70, 200, 31",
    "400, 16, 40",
    "2, 100, 3000"
  })
  void matchesPlainLoopsInAllFourTransposes(int m, int n, int k) {
    for (int transposes = 0; transposes < 4; transposes++) {
      check((transposes & 1) != 0, (transposes & 2) != 0, m, n, k);
    }
  }

  private static void check(boolean transposeA, boolean transposeB, int m, int n, int k) {
    Random random = new Random(m * 31 + n * 7 + k);
    float[] a = new float[m * k + 3];
    float[] b = new float[k * n + 5];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextFloat() - 0.5f;
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = random.nextFloat() - 0.5f;
    }
    float[] c = new float[m * n + 14];
    Arrays.fill(c, Float.NaN);
    run(new Gemm(transposeA, transposeB, m, n, k, Runners.shuffled(6)), a, b, c);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double expected = 0;
        for (int q = 0; q < k; q++) {
          double left = a[3 + (transposeA ? q * m + i : i * k + q)];
          expected += left * b[5 + (transposeB ? j * k + q : q * n + j)];
        }
        double error = Math.abs(c[7 + i * n + j] - expected);
        assertThat(error).as("c[%s, %s]", i, j).isLessThanOrEqualTo(1e-6 + 1e-6 * k);
      }
    }
    for (int i = 0; i < 7; i++) {
      assertThat(c[i]).isNaN();
      assertThat(c[7 + m * n + i]).isNaN();
    }
    try (WorkerPool pool = new WorkerPool(3)) {
      float[] again = new float[c.length];
      run(new Gemm(transposeA, transposeB, m, n, k, pool), a, b, again);
      assertThat(Arrays.equals(again, 7, 7 + m * n, c, 7, 7 + m * n)).isTrue();
    }
  }

  private static void run(Gemm gemm, float[] a, float[] b, float[] c) {
    gemm.pack(b, 5);
    gemm.run(a, 3, c, 7);
  }
}
