package dev.accrete.cl.scenario;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * New instances (NI): the classes are known from the start, every experience brings new images of
 * them.
 *
 * @param batches number of experiences
 */
public record NewInstancesSpec(int batches) implements ScenarioSpec {
  private static final long STREAM = 0x4E49L; // "NI"

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code batches} is not positive
   */
  public NewInstancesSpec {
    if (batches < 1) {
      throw new IllegalArgumentException("ni:" + batches + " has no experience: use at least ni:1");
    }
  }

  @Override
  public String name() {
    return "ni:" + batches;
  }

  /** Whole sessions, in an order drawn by run; {@code ni:8} brings one session at a time. */
  @Override
  public FrameScenario overCore50(CoreOptions options, int run) {
    int sessions = CoreSequence.TRAIN_SESSIONS.size();
    if (batches > sessions) {
      throw new IllegalArgumentException(
          name()
              + " needs more sessions than the "
              + sessions
              + " training sessions of CORe50:"
              + " use ni:"
              + sessions
              + " or fewer");
    }
    int[] order = Rng.of(run, STREAM).permutation(sessions);
    List<List<CoreSequence>> parts = new ArrayList<>();
    for (int b = 0; b < batches; b++) {
      List<Integer> part =
          Arrays.stream(order, sessions * b / batches, sessions * (b + 1) / batches)
              .mapToObj(CoreSequence.TRAIN_SESSIONS::get)
              .toList();
      parts.add(
          CoreFrames.trainSequences().stream()
              .filter(sequence -> part.contains(sequence.session()))
              .toList());
    }
    return FrameScenario.of(name(), run, parts, options);
  }

  /**
   * The images of each class, shuffled by run, are dealt in turn over the experiences, whose sizes
   * differ by at most one image, in total and for each class.
   */
  @Override
  public Scenario over(ImageSet train, ImageSet test, int run) {
    if (train.size() < batches) {
      throw new IllegalArgumentException(
          name()
              + " has more experiences than the "
              + train.size()
              + " images of "
              + train.name()
              + ": use fewer");
    }
    Rng rng = Rng.of(run, STREAM);
    List<int[]> byClass = Scenarios.imagesByClass(train);
    byClass.forEach(rng::shuffle);
    int[] deck = byClass.stream().flatMapToInt(Arrays::stream).toArray();
    List<int[]> images = new ArrayList<>();
    for (int b = 0; b < batches; b++) {
      int[] hand = new int[Math.ceilDiv(deck.length - b, batches)];
      for (int i = 0; i < hand.length; i++) {
        hand[i] = deck[b + i * batches];
      }
      images.add(hand);
    }
    return FixedScenario.withWholeTest(
        name(), run, byClass.size(), Scenarios.batches(images, train::label), test.size());
  }
}
