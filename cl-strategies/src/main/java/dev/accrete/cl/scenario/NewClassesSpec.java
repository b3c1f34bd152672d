package dev.accrete.cl.scenario;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * New classes (NC): every experience brings all images of classes never seen before.
 *
 * @param first classes of the first experience
 * @param step classes of every later one; the last takes what is left
 */
public record NewClassesSpec(int first, int step) implements ScenarioSpec {
  private static final long STREAM = 0x4E43L; // "NC"

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is not positive
   */
  public NewClassesSpec {
    if (first < 1 || step < 1) {
      throw new IllegalArgumentException(
          "nc:" + first + ":" + step + " has an experience without classes: use at least nc:1:1");
    }
  }

  @Override
  public String name() {
    return "nc:" + first + ":" + step;
  }

  /** All training sequences of each object, by session; objects in an order drawn by run. */
  @Override
  public FrameScenario overCore50(CoreOptions options, int run) {
    int[] objects = Rng.of(run, STREAM).permutation(CoreSequence.OBJECTS);
    List<List<CoreSequence>> batches = new ArrayList<>();
    for (int[] part : parts(objects, "CORe50")) {
      batches.add(
          CoreFrames.trainSequences().stream()
              .filter(sequence -> Arrays.stream(part).anyMatch(c -> c == sequence.label()))
              .toList());
    }
    return FrameScenario.of(name(), run, batches, options);
  }

  /** All images of each class in the order of the set; classes in an order drawn by run. */
  @Override
  public Scenario over(ImageSet train, ImageSet test, int run) {
    List<int[]> byClass = Scenarios.imagesByClass(train);
    int[] classes =
        Arrays.stream(Rng.of(run, STREAM).permutation(byClass.size()))
            .filter(c -> byClass.get(c).length > 0)
            .toArray();
    List<int[]> images = new ArrayList<>();
    for (int[] part : parts(classes, train.name())) {
      images.add(Arrays.stream(part).mapToObj(byClass::get).flatMapToInt(Arrays::stream).toArray());
    }
    return FixedScenario.withWholeTest(
        name(), run, byClass.size(), Scenarios.batches(images, train::label), test.size());
  }

  private List<int[]> parts(int[] classes, String source) {
    if (first > classes.length) {
      throw new IllegalArgumentException(
          name()
              + " begins with more classes than the "
              + classes.length
              + " of "
              + source
              + ": begin with fewer");
    }
    List<int[]> parts = new ArrayList<>();
    parts.add(Arrays.copyOf(classes, first));
    for (int from = first; from < classes.length; from += step) {
      parts.add(Arrays.copyOfRange(classes, from, Math.min(from + step, classes.length)));
    }
    return parts;
  }
}
