package dev.accrete.cl.run;

import dev.accrete.cl.data.PackedImages;
import dev.accrete.cl.scenario.Batch;
import dev.accrete.cl.scenario.Scenario;
import dev.accrete.core.AccreteException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A scenario without the images that could not be decoded, its indices those of the packs. */
record RemainingScenario(
    Scenario whole,
    List<Batch> batches,
    @SuppressWarnings("ArrayRecordComponent") int[] test,
    @SuppressWarnings("ArrayRecordComponent") int[] testGroups)
    implements Scenario {
  private static final int GONE = -1;

  /**
   * What is left of a scenario.
   *
   * @throws AccreteException if an experience or the test set lost all its images
   */
  static Scenario of(Scenario whole, PackedImages train, PackedImages test) {
    if (train.skipped() == 0 && test.skipped() == 0) {
      return whole;
    }
    int[] trainPlace = places(train);
    List<Batch> batches = new ArrayList<>();
    for (Batch experience : whole.batches()) {
      int[] left =
          Arrays.stream(experience.images())
              .map(image -> trainPlace[image])
              .filter(image -> image != GONE)
              .toArray();
      requireSome("experience " + (experience.index() + 1), left.length);
      batches.add(Batch.of(experience.index(), left, train::label));
    }
    int[] testPlace = places(test);
    int[] kept =
        IntStream.range(0, whole.test().length)
            .filter(i -> testPlace[whole.test()[i]] != GONE)
            .toArray();
    requireSome("the test set", kept.length);
    return new RemainingScenario(
        whole,
        List.copyOf(batches),
        Arrays.stream(kept).map(i -> testPlace[whole.test()[i]]).toArray(),
        Arrays.stream(kept).map(i -> whole.testGroups()[i]).toArray());
  }

  private static int[] places(PackedImages pack) {
    int[] places = new int[pack.size() + pack.skipped()];
    Arrays.fill(places, GONE);
    for (int i = 0; i < pack.size(); i++) {
      places[pack.sourceIndex(i)] = i;
    }
    return places;
  }

  private static void requireSome(String what, int images) {
    if (images == 0) {
      throw new AccreteException(
          what + " has no image left that can be decoded: fetch the data again");
    }
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public int run() {
    return whole.run();
  }

  @Override
  public int classes() {
    return whole.classes();
  }

  @Override
  public List<String> groups() {
    return whole.groups();
  }

  @Override
  public Scenario first(int count) {
    return new RemainingScenario(
        whole, batches.subList(0, Math.min(count, batches.size())), test, testGroups);
  }
}
