package dev.accrete.cl.data.sim;

/** Smooth hand-held motion: every quantity is a slow sum of sines around the sequence's habit. */
final class Motion {
  /** Frames per recording; motion has a few periods in it. */
  private static final double RECORDING = 300;

  private Motion() {}

  static Pose at(int session, int object, int frame, ObjectModel model) {
    long seed = Noise.mix(0x5EED, session, object);
    long habit = Noise.mix(0xAB17, session);
    double t = frame / RECORDING;
    boolean allAround = model.spin() > 3;
    double facing =
        allAround
            ? Noise.between(seed, 1, -1.1, 1.1)
            : Noise.between(seed, 1, -0.32, 0.32) * model.spin();
    double sweep = allAround ? 1.3 : 0.55 * model.spin();
    double lean =
        Noise.between(habit, 2, -0.2, 0.2) + Noise.between(seed, 2, -0.55, 0.55) * model.lean();
    return new Pose(
        facing + sweep * wander(seed, 3, t, 0.6),
        Noise.between(habit, 4, -0.05, 0.28) + 0.34 * wander(seed, 4, t, 0.9),
        lean + 0.3 * wander(seed, 5, t, 0.8),
        Noise.between(seed, 6, -0.08, 0.08) + 0.15 * wander(seed, 6, t, 1.1),
        Noise.between(seed, 7, -0.04, 0.1) + 0.13 * wander(seed, 7, t, 1.0),
        Noise.between(habit, 8, 0.88, 1.06) * (1 + 0.11 * wander(seed, 8, t, 0.7)),
        0.12 * wander(seed, 9, t, 0.5) + Noise.between(seed, 9, -0.1, 0.14),
        Noise.unit(seed, 10) < (Noise.unit(habit, 10) < 0.5 ? 0.2 : 0.8),
        0.5 + Noise.between(seed, 11, -0.13, 0.13) + 0.1 * wander(seed, 11, t, 0.6),
        0.5 + Noise.between(seed, 12, -0.13, 0.13) + 0.08 * wander(seed, 12, t, 0.7),
        0.46 + 0.06 * wander(seed, 13, t, 0.5),
        0.06 * wander(seed, 14, t, 0.8),
        1 + 0.12 * wander(seed, 15, t, 1.2),
        Math.max(0, 0.8 + 0.6 * wander(seed, 16, t, 3.0)));
  }

  /** A smooth curve within about -1..1 with {@code pace} main periods per recording. */
  private static double wander(long seed, int channel, double t, double pace) {
    double sum = 0;
    double[] amplitudes = {0.62, 0.28, 0.1};
    double[] rates = {1, 2.3, 6.1};
    for (int i = 0; i < 3; i++) {
      long key = 100L * channel + 10L * i;
      double rate = pace * rates[i] * Noise.between(seed, key, 0.8, 1.25);
      double phase = Noise.unit(seed, key + 1);
      sum += amplitudes[i] * StrictMath.sin(2 * StrictMath.PI * (rate * t + phase));
    }
    return sum;
  }
}
