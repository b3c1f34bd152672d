package dev.accrete.cl.scenario;

import dev.accrete.cl.data.FrameKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A stream over CORe50, real or simulated: whole sequences arrive, and the classes are the 50
 * objects.
 *
 * <p>It is made before any image is read. A source of frames then builds two image sets, one of
 * {@link #trainFrames()} and one of {@link #testFrames()}, in these orders; the indices of the
 * experiences and of {@link #test()} refer to them. Training frames are listed by session, object
 * and frame whatever the stream, so that one decoded cache serves every run of every scenario.
 */
public final class FrameScenario implements Scenario {
  private final String name;
  private final int run;
  private final CoreOptions options;
  private final List<List<CoreSequence>> batches;
  private final List<FrameKey> trainFrames = new ArrayList<>();
  private final TestFrames testFrames;
  private final FixedScenario lists;

  private FrameScenario(
      String name, int run, List<List<CoreSequence>> batches, CoreOptions options) {
    this.name = name;
    this.run = run;
    this.options = options;
    this.batches = batches;
    this.testFrames = options.testFrames();
    this.lists =
        new FixedScenario(
            name,
            run,
            CoreSequence.OBJECTS,
            indexed(batches, options.framesEvery()),
            options.scoring().positions(testFrames.frames().size()),
            testSessions(),
            CoreSequence.TEST_SESSIONS.stream().map(session -> "session " + session).toList());
  }

  /** The stream of a NICv2 schedule. */
  public static FrameScenario of(Nicv2Schedule schedule, CoreOptions options) {
    return new FrameScenario(schedule.name(), schedule.run(), schedule.batches(), options);
  }

  /**
   * A stream of any batches of whole sequences.
   *
   * @throws IllegalArgumentException if a sequence is in two batches or a batch is empty
   */
  public static FrameScenario of(
      String name, int run, List<List<CoreSequence>> batches, CoreOptions options) {
    return new FrameScenario(name, run, batches.stream().map(List::copyOf).toList(), options);
  }

  /** The frames to learn, by session, object and frame: index {@code i} of the training set. */
  public List<FrameKey> trainFrames() {
    return Collections.unmodifiableList(trainFrames);
  }

  /** The distinct frames to test, in the published order: index {@code i} of the test set. */
  public List<FrameKey> testFrames() {
    return testFrames.frames();
  }

  /** Which frames of CORe50 this stream uses. */
  public CoreOptions options() {
    return options;
  }

  /** The sequences of each experience, in presentation order. */
  public List<List<CoreSequence>> sequences() {
    return batches;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int run() {
    return run;
  }

  @Override
  public int classes() {
    return lists.classes();
  }

  @Override
  public List<Batch> batches() {
    return lists.batches();
  }

  @Override
  public int[] test() {
    return lists.test();
  }

  @Override
  public int[] testGroups() {
    return lists.testGroups();
  }

  @Override
  public List<String> groups() {
    return lists.groups();
  }

  /** As in {@link Scenario#first}; {@link #trainFrames()} then lists only the frames still used. */
  @Override
  public FrameScenario first(int experiences) {
    return new FrameScenario(name, run, FixedScenario.prefix(batches, experiences), options);
  }

  private List<Batch> indexed(List<List<CoreSequence>> order, int every) {
    Map<CoreSequence, int[]> imagesOf = new HashMap<>();
    for (CoreSequence sequence : order.stream().flatMap(List::stream).sorted().toList()) {
      int from = trainFrames.size();
      trainFrames.addAll(CoreFrames.official().frames(sequence, every));
      int[] images = IntStream.range(from, trainFrames.size()).toArray();
      if (imagesOf.put(sequence, images) != null) {
        throw new IllegalArgumentException(
            name + " learns " + sequence + " twice: list every sequence once");
      }
    }
    List<Batch> batches = new ArrayList<>();
    for (List<CoreSequence> batch : order) {
      int[] images = batch.stream().map(imagesOf::get).flatMapToInt(Arrays::stream).toArray();
      batches.add(
          Batch.of(batches.size(), images, image -> trainFrames.get(image).label()));
    }
    return batches;
  }

  private int[] testSessions() {
    List<FrameKey> frames = testFrames.frames();
    int[] groups = options.scoring().positions(frames.size());
    for (int i = 0; i < groups.length; i++) {
      groups[i] = CoreSequence.TEST_SESSIONS.indexOf(frames.get(groups[i]).session());
    }
    return groups;
  }
}
