package dev.accrete.cl.scenario;

import dev.accrete.cl.data.ImageSet;

/**
 * A scenario before it meets data. {@link Scenarios#parse} makes one from its name.
 *
 * <p>Over CORe50 (real or simulated) the units of a stream are its sequences; over any other
 * labelled image set they are images or pseudo-sequences, and the set's own test split is the test
 * set.
 */
public interface ScenarioSpec {

  /** The name that {@link Scenarios#parse} understands, such as {@code nc:10:5}. */
  String name();

  /**
   * The stream over CORe50.
   *
   * @param run which of the scenario's orders
   * @throws IllegalArgumentException if the scenario does not fit CORe50 or {@code run} is out of
   *     range
   */
  default FrameScenario overCore50(CoreOptions options, int run) {
    throw new IllegalArgumentException(
        name() + " is not for CORe50: use it over a labelled set, such as images:DIR");
  }

  /**
   * The stream over any labelled image set.
   *
   * @param train the images to learn
   * @param test the images to test, each scored once; it has the classes of {@code train}
   * @param run seeds the order
   * @throws IllegalArgumentException if the scenario does not fit the set
   */
  Scenario over(ImageSet train, ImageSet test, int run);
}
