package dev.accrete.nn;

/** A compiled network that gives every image a score for each class. */
interface Scorer {
  /** The most images one run takes. */
  int miniBatch();

  /**
   * Scores {@code rows} images, u8 planar, into [rows, classes], without a bias or a temperature.
   */
  void run(byte[] images, int rows, float[] scores);

  /** Bytes held beyond the weights of the network. */
  long bytes();
}
