package dev.accrete.cl.scenario;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * NICv2: batch 0 brings one sequence of some classes, every later batch a few sequences of old or
 * new classes.
 *
 * @param batches number of batches, batch 0 included
 */
public record Nicv2Spec(int batches) implements ScenarioSpec {
  private static final int FIRST_BATCH_STEP = 5;
  private static final int FIRST_BATCH_MIN_CLASSES = 2;
  private static final long STREAM = 0x4E49_4356_32L; // "NICV2"

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if there are fewer than two batches
   */
  public Nicv2Spec {
    if (batches < 2) {
      throw new IllegalArgumentException(
          "nicv2-" + batches + " has no stream: use at least nicv2-2");
    }
  }

  @Override
  public String name() {
    return "nicv2-" + batches;
  }

  /** The official schedule, see {@link Nicv2Schedule#official}. */
  @Override
  public FrameScenario overCore50(CoreOptions options, int run) {
    return FrameScenario.of(Nicv2Schedule.official(batches, run), options);
  }

  /** The stream over the pseudo-sequences of {@code train}, see {@link PseudoSequences#of}. */
  @Override
  public Scenario over(ImageSet train, ImageSet test, int run) {
    return over(PseudoSequences.of(train), test.size(), run);
  }

  /**
   * The stream over pseudo-sequences made before (making them reads every image).
   *
   * <p>Batch 0 holds one sequence of every fifth class that has images, and of at least two; which
   * one is drawn by {@code run}, as is the order in which the others are dealt over the other
   * batches, whose numbers of sequences differ by at most one.
   *
   * @param testSize number of test images
   * @throws IllegalArgumentException if there are fewer sequences than batches need
   */
  public Scenario over(PseudoSequences sequences, int testSize, int run) {
    Rng rng = Rng.of(run, STREAM);
    int[] order = rng.permutation(sequences.size());
    List<Integer> start = firstBatch(sequences, order);
    int[] rest = Arrays.stream(order).filter(sequence -> !start.contains(sequence)).toArray();
    if (rest.length < batches - 1) {
      throw new IllegalArgumentException(
          name()
              + " needs a sequence for each of its "
              + (batches - 1)
              + " batches after the"
              + " first, but "
              + sequences.source()
              + " gives only "
              + rest.length
              + ": use nicv2-"
              + (rest.length + 1)
              + " or fewer");
    }
    List<int[]> images = new ArrayList<>();
    images.add(sequences.images(start));
    for (int b = 0; b < batches - 1; b++) {
      int from = (int) ((long) rest.length * b / (batches - 1));
      int to = (int) ((long) rest.length * (b + 1) / (batches - 1));
      images.add(sequences.images(Arrays.stream(rest, from, to).boxed().toList()));
    }
    return FixedScenario.withWholeTest(
        name(),
        run,
        sequences.classes(),
        Scenarios.batches(images, sequences::labelOfImage),
        testSize);
  }

  private static List<Integer> firstBatch(PseudoSequences sequences, int[] order) {
    int[] classes = sequences.classesWithImages();
    if (classes.length < FIRST_BATCH_MIN_CLASSES) {
      throw new IllegalArgumentException(
          sequences.source()
              + " has images of "
              + classes.length
              + " class: NICv2 needs at least two");
    }
    // With five classes or fewer every fifth is only one; a smaller step then gives two.
    int step = FIRST_BATCH_STEP;
    while (Math.ceilDiv(classes.length, step) < FIRST_BATCH_MIN_CLASSES) {
      step--;
    }
    BitSet wanted = new BitSet();
    for (int i = 0; i < classes.length; i += step) {
      wanted.set(classes[i]);
    }
    List<Integer> start = new ArrayList<>();
    for (int sequence : order) {
      if (wanted.get(sequences.label(sequence))) {
        wanted.clear(sequences.label(sequence));
        start.add(sequence);
      }
    }
    return start;
  }
}
