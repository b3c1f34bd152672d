package dev.accrete.cl.strategy;

/**
 * A linear classifier: one row of weights and one bias per class.
 *
 * @param weights classes x features
 * @param bias one for each class
 */
@SuppressWarnings("ArrayRecordComponent") // local to this package; discriminants are not compared
record Discriminant(double[][] weights, double[] bias) {
  private static final int UNROLLED = 4;

  /** The score of every class for the vector {@code values[offset..]}. */
  float[] scores(float[] values, int offset) {
    float[] scores = new float[bias.length];
    for (int c = 0; c < bias.length; c++) {
      scores[c] = (float) (bias[c] + product(weights[c], values, offset));
    }
    return scores;
  }

  /** In four sums, which a processor adds to at the same time. */
  private static double product(double[] row, float[] values, int offset) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + UNROLLED <= row.length; i += UNROLLED) {
      first += row[i] * values[offset + i];
      second += row[i + 1] * values[offset + i + 1];
      third += row[i + 2] * values[offset + i + 2];
      fourth += row[i + 3] * values[offset + i + 3];
    }
    for (; i < row.length; i++) {
      first += row[i] * values[offset + i];
    }
    return first + second + (third + fourth);
  }
}
