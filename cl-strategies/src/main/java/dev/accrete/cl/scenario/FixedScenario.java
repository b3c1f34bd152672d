package dev.accrete.cl.scenario;

import java.util.BitSet;
import java.util.List;

/** A scenario whose lists are given; checks that they agree. */
@SuppressWarnings("ArrayRecordComponent") // identity is enough: scenarios are not compared
record FixedScenario(
    String name,
    int run,
    int classes,
    List<Batch> batches,
    int[] test,
    int[] testGroups,
    List<String> groups)
    implements Scenario {

  FixedScenario {
    batches = List.copyOf(batches);
    groups = List.copyOf(groups);
    if (test.length != testGroups.length) {
      throw new IllegalArgumentException(
          name + ": " + test.length + " test positions but " + testGroups.length + " groups");
    }
    BitSet used = new BitSet();
    for (int i = 0; i < batches.size(); i++) {
      Batch experience = batches.get(i);
      if (experience.index() != i) {
        throw new IllegalArgumentException(
            name + ": experience " + experience.index() + " stands at place " + i);
      }
      for (int image : experience.images()) {
        if (used.get(image)) {
          throw new IllegalArgumentException(
              name + ": image " + image + " is in two experiences, the second is " + i);
        }
        used.set(image);
      }
    }
  }

  /** A scenario whose whole test set, image by image, is one group. */
  static FixedScenario withWholeTest(
      String name, int run, int classes, List<Batch> batches, int testSize) {
    return new FixedScenario(
        name,
        run,
        classes,
        batches,
        Scoring.ONCE.positions(testSize),
        new int[testSize],
        List.of("test"));
  }

  @Override
  public FixedScenario first(int count) {
    return new FixedScenario(
        name, run, classes, prefix(batches, count), test, testGroups, groups);
  }

  static <T> List<T> prefix(List<T> stream, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "the first " + count + " experiences make no stream: keep at least 1");
    }
    return stream.subList(0, Math.min(count, stream.size()));
  }
}
