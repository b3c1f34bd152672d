package dev.accrete.cl.strategy;

/**
 * A linear classifier: one row of weights and one bias per class.
 *
 * @param weights classes x features
 * @param bias one for each class
 */
@SuppressWarnings("ArrayRecordComponent") // local to this package; discriminants are not compared
record Discriminant(double[][] weights, double[] bias) {
  /** The score of every class for the vector {@code values[offset..]}. */
  float[] scores(float[] values, int offset) {
    float[] scores = new float[bias.length];
    for (int c = 0; c < bias.length; c++) {
      double sum = bias[c];
      for (int i = 0; i < weights[c].length; i++) {
        sum += weights[c][i] * values[offset + i];
      }
      scores[c] = (float) sum;
    }
    return scores;
  }
}
