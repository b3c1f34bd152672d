package dev.accrete.cl.strategy;

import dev.accrete.nn.Network;
import java.util.List;

/**
 * Makes a strategy, and tells all that others need to know of it: found by {@link
 * java.util.ServiceLoader}, so that whoever implements this in another jar has {@code accrete run},
 * resume, checkpoints and the report treat it as their own.
 *
 * @param <S> its settings: a record whose components are annotated with {@link
 *     dev.accrete.cl.settings.Setting}
 */
public interface StrategyProvider<S extends Record> {
  /** What the command line, folders and files call it: lower case, digits and hyphens. */
  String name();

  /** What people call it, in reports. */
  default String label() {
    return name();
  }

  /** What it does, in one line. */
  String description();

  /** Its colour in reports: a place in their palette of eight, from 0. */
  default int colour() {
    return 7;
  }

  /**
   * The settings it starts from.
   *
   * @param horizon how many experiences the stream is expected to have: what schedules are made
   *     for. The stream may be shorter or longer.
   */
  S defaults(int horizon);

  /**
   * Checks what depends on settings and network together, before any data are opened. Nothing is
   * checked unless a provider does.
   *
   * @param network the architecture; the number of its classes is not yet known
   * @throws IllegalArgumentException naming what does not fit and what would
   */
  default void check(Network network, S settings) {}

  /**
   * A fresh strategy.
   *
   * @param settings checked against their declared ranges
   * @throws dev.accrete.core.AccreteException if there is not enough memory, or the settings do not
   *     fit the network
   */
  Strategy create(StrategyContext context, S settings);

  /**
   * How much experience {@code index} asks for, in image-passes, so that the time left can be told.
   *
   * @param images images of the experience
   * @param held images of the stream up to and with it
   */
  default long expectedWork(S settings, int index, int images, long held) {
    return images;
  }

  /** Whether this is re-training on everything, against which others are said to save. */
  default boolean isRetraining() {
    return false;
  }

  /** Whether it does nothing about forgetting, so that others are said to gain on it. */
  default boolean isLowerBound() {
    return false;
  }

  /** Whether it asks for the images of earlier experiences again, so that they must be kept. */
  default boolean keepsImages(S settings) {
    return false;
  }

  /**
   * Whether it will ask for them again after so many experiences; once it will not, it never will.
   * As {@link #keepsImages(Record)} says, unless a provider knows better.
   */
  default boolean keepsImages(S settings, int experiences) {
    return keepsImages(settings);
  }

  /**
   * Numbers of the experiences, counted from 1, at which it trains, where its settings name them;
   * none if it does so at all of them or settings do not tell. A run that has none of those named
   * is refused: it would compare something else than it says.
   */
  default List<Integer> experiencesNamed(S settings) {
    return List.of();
  }

  /**
   * Whether it learns at chosen experiences only; then each of those is tested, whatever the rule
   * for tests.
   */
  default boolean isSampled(S settings) {
    return false;
  }

  /** Its place when the one that a report is about is chosen: the lowest leads. */
  default int rank() {
    return 50;
  }
}
