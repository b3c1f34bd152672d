package dev.accrete.bench.cpu;

import dev.accrete.bench.work.InferenceWorkload;
import dev.accrete.bench.work.OpWorkload;
import dev.accrete.bench.work.OpWorkload.Pass;
import dev.accrete.bench.work.PeakWorkload;
import dev.accrete.bench.work.Task;
import dev.accrete.bench.work.Timing;
import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.bench.work.UpdateWorkload;
import dev.accrete.bench.work.Workload;
import dev.accrete.core.AccreteException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The cases of {@code bench cpu}.
 *
 * @param entries in the order they are run
 */
public record CpuSuite(List<Entry> entries) {
  private static final String BACKEND = "vector";
  private static final Timing PEAK = new Timing(5, 1.5, 10);

  public CpuSuite {
    entries = List.copyOf(entries);
  }

  /**
   * A case.
   *
   * @param seconds about how long a round of it takes on two slow cores, ours and the peer
   *     together; decides nothing but the first estimate of the time left
   */
  public record Entry(Task task, double seconds) {
    /** The case's name. */
    public String name() {
      return task.workload().name();
    }
  }

  /** All cases; updates and ops for the largest number of threads alone. */
  public static CpuSuite full(List<Integer> threads) {
    List<Entry> entries = new ArrayList<>();
    for (int t : threads) {
      for (int miniBatch : List.of(128, 32)) {
        entries.add(
            entry(
                new TrainingWorkload(1.0, 128, miniBatch, t, BACKEND), new Timing(3, 12, 10), 110));
      }
      for (int miniBatch : List.of(128, 32, 1)) {
        entries.add(
            entry(
                new InferenceWorkload(1.0, 128, miniBatch, t, BACKEND),
                new Timing(3, 6, miniBatch == 1 ? 60 : 10),
                24));
      }
    }
    int most = most(threads);
    updates(entries, 1.0, 128, 300, 1500, most, 4, 700);
    Timing timing = new Timing(3, 3, 20);
    // Of MobileNetV1 at 128 px the first convolution, three depthwise, two pointwise layers.
    ops(entries, 128, 3, 128, 32, 3, 2, 1, false, most, timing);
    ops(entries, 128, 32, 64, 32, 3, 1, 32, true, most, timing);
    ops(entries, 128, 64, 64, 64, 3, 2, 64, true, most, timing);
    ops(entries, 128, 512, 8, 512, 3, 1, 512, true, most, timing);
    ops(entries, 128, 64, 32, 128, 1, 1, 1, true, most, timing);
    ops(entries, 128, 512, 8, 512, 1, 1, 1, true, most, timing);
    // The second convolution of CaffeNet.
    ops(entries, 128, 96, 13, 256, 5, 1, 1, true, most, timing);
    ops(entries, 128, 64, 64, 64, OpWorkload.NORMALIZATION, 1, 1, true, most, timing);
    ops(entries, 128, 512, 8, 512, OpWorkload.NORMALIZATION, 1, 1, true, most, timing);
    return new CpuSuite(entries);
  }

  /** A few smaller cases, for the largest number of threads alone. */
  public static CpuSuite quick(List<Integer> threads) {
    int most = most(threads);
    List<Entry> entries = new ArrayList<>();
    entries.add(entry(new TrainingWorkload(0.5, 64, 32, most, BACKEND), new Timing(3, 4, 8), 20));
    for (int miniBatch : List.of(32, 1)) {
      entries.add(
          entry(
              new InferenceWorkload(0.5, 64, miniBatch, most, BACKEND), new Timing(3, 2, 10), 11));
    }
    updates(entries, 0.5, 64, 128, 256, most, 2, 30);
    Timing timing = new Timing(3, 0.5, 8);
    ops(entries, 32, 512, 8, 512, 3, 1, 512, true, most, timing);
    ops(entries, 32, 512, 8, 512, 1, 1, 1, true, most, timing);
    ops(entries, 32, 64, 32, 64, OpWorkload.NORMALIZATION, 1, 1, true, most, timing);
    return new CpuSuite(entries);
  }

  private static int most(List<Integer> threads) {
    return threads.stream().mapToInt(Integer::intValue).max().orElse(1);
  }

  private static Entry entry(Workload workload, Timing timing, double seconds) {
    return new Entry(new Task(workload, timing), seconds);
  }

  private static void updates(
      List<Entry> entries,
      double width,
      int size,
      int images,
      int latents,
      int threads,
      int runs,
      double seconds) {
    for (String strategy : List.of(UpdateWorkload.AR1_STAR, UpdateWorkload.AR1_FREE)) {
      int replayed = strategy.equals(UpdateWorkload.AR1_FREE) ? latents : 0;
      entries.add(
          entry(
              new UpdateWorkload(strategy, width, size, images, replayed, threads, BACKEND),
              new Timing(1, 0, runs),
              seconds));
    }
  }

  private static void ops(
      List<Entry> entries,
      int miniBatch,
      int channels,
      int size,
      int filters,
      int kernel,
      int stride,
      int groups,
      boolean inputGradient,
      int threads,
      Timing timing) {
    for (Pass pass : Pass.values()) {
      OpWorkload op =
          new OpWorkload(
              pass,
              miniBatch,
              channels,
              size,
              filters,
              kernel,
              stride,
              groups,
              inputGradient,
              threads,
              BACKEND);
      entries.add(entry(op, timing, 2 * timing.warmUpSeconds() + 10));
    }
  }

  /**
   * The cases whose name contains a match of a regular expression.
   *
   * @throws AccreteException if there are none, naming those there are, or it is no expression
   */
  public CpuSuite matching(String pattern) {
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new AccreteException(
          "'" + pattern + "' is not a regular expression: " + e.getDescription(), e);
    }
    List<Entry> chosen =
        entries.stream().filter(entry -> compiled.matcher(entry.name()).find()).toList();
    if (chosen.isEmpty()) {
      throw new AccreteException(
          "no case matches '" + pattern + "'; there are\n  " + String.join("\n  ", names()));
    }
    return new CpuSuite(chosen);
  }

  /** The names of all cases. */
  public List<String> names() {
    return entries.stream().map(Entry::name).toList();
  }

  /** What to measure for each case. */
  public List<Task> tasks() {
    return entries.stream().map(Entry::task).toList();
  }

  /** What to measure for the limits of all cases: one task per number of threads. */
  List<Task> peaks() {
    return entries.stream()
        .map(entry -> entry.task().workload().threads())
        .distinct()
        .map(threads -> new Task(new PeakWorkload(threads), PEAK))
        .toList();
  }
}
