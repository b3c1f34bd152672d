package dev.accrete.cl.scenario;

/**
 * Which frames of CORe50 a stream uses.
 *
 * @param framesEvery every how many frames of each training sequence one is learned, beginning with
 *     the first of the sequence ({@link CoreFrames#frames}); 1 is the published protocol
 * @param testEvery every how many frames of the ordered test list one is tested ({@link
 *     CoreFrames#test}); 20 is the published test set, 1 the full one
 * @param scoring how often each test image counts
 */
public record CoreOptions(int framesEvery, int testEvery, Scoring scoring) {
  /** All training frames, the published test set, each image scored once. */
  public static final CoreOptions STANDARD =
      new CoreOptions(1, TestFrames.PUBLISHED_EVERY, Scoring.ONCE);

  /**
   * A tenth of the training frames (30 a sequence, 12,000 in all) and 450 test frames, three of
   * every test sequence: small enough for all 391 batches within minutes on two cores.
   */
  public static final CoreOptions DEMO = new CoreOptions(10, 100, Scoring.ONCE);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a step is not positive
   */
  public CoreOptions {
    if (framesEvery < 1) {
      throw new IllegalArgumentException(
          "framesEvery is " + framesEvery + ": give 1 for all frames, 5 for every 5th");
    }
    if (testEvery < 1) {
      throw new IllegalArgumentException(
          "testEvery is " + testEvery + ": give 1 for all frames, 20 for the published test set");
    }
  }

  /** These options with another training step. */
  public CoreOptions withFramesEvery(int every) {
    return new CoreOptions(every, testEvery, scoring);
  }

  /** These options with another test step. */
  public CoreOptions withTestEvery(int every) {
    return new CoreOptions(framesEvery, every, scoring);
  }

  /** These options with another scoring. */
  public CoreOptions withScoring(Scoring newScoring) {
    return new CoreOptions(framesEvery, testEvery, newScoring);
  }

  /** The test set these options select. */
  public TestFrames testFrames() {
    return TestFrames.every(testEvery, scoring);
  }
}
