package dev.accrete.cl.scenario;

import dev.accrete.cl.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which NICv2 presents the 400 training sequences of CORe50 (Lomonaco, Maltoni,
 * Pellegrini: "Rehearsal-Free Continual Learning over Small Non-I.I.D. Batches", arXiv 1907.03799).
 *
 * @param name such as {@code nicv2-391}
 * @param run 0..9 for an official schedule
 * @param batches the whole sequences of each batch, in presentation order
 */
public record Nicv2Schedule(String name, int run, List<List<CoreSequence>> batches) {
  /** Runs of each official schedule: 0..9. */
  public static final int RUNS = 10;

  /** Batch counts of the official schedules, batch 0 included. */
  public static final List<Integer> OFFICIAL_SIZES = List.of(79, 196, 391);

  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx";
  private static final int FIRST_BATCH_STEP = 5;

  /** Copies the lists. */
  public Nicv2Schedule {
    batches = batches.stream().map(List::copyOf).toList();
  }

  /**
   * An official schedule.
   *
   * @param size 79, 196 or 391 batches
   * @param run 0..9
   * @throws IllegalArgumentException if there is no such schedule
   */
  public static Nicv2Schedule official(int size, int run) {
    if (!OFFICIAL_SIZES.contains(size)) {
      throw new IllegalArgumentException(
          "CORe50 has no official schedule of " + size + " batches: use nicv2-79, -196 or -391");
    }
    if (run < 0 || run >= RUNS) {
      throw new IllegalArgumentException(
          "run is " + run + ", the official schedules have runs 0.." + (RUNS - 1));
    }
    String key = size + " " + run + " ";
    String objects =
        Resources.dataLines("nicv2.txt").stream()
            .filter(line -> line.startsWith(key))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("nicv2.txt lacks schedule " + key))
            .substring(key.length());
    return new Nicv2Schedule("nicv2-" + size, run, decode(objects, size));
  }

  /**
   * Reads a schedule of one's own: line <i>i</i> lists the sequences of batch <i>i</i>, such as
   * {@code s1/o1 s1/o11}, separated by blanks. Every one of the 400 training sequences must appear
   * exactly once, which also tells a truncated file.
   *
   * @throws DataException if the file cannot be read or is malformed; the message names the line
   *     and what to do
   */
  public static Nicv2Schedule read(Path file) {
    return ScheduleFile.read(file);
  }

  private static List<List<CoreSequence>> decode(String objects, int size) {
    int[] sessionsSeen = new int[CoreSequence.OBJECTS + 1];
    List<CoreSequence> start = new ArrayList<>();
    for (int object = 1; object <= CoreSequence.OBJECTS; object += FIRST_BATCH_STEP) {
      start.add(new CoreSequence(CoreSequence.TRAIN_SESSIONS.getFirst(), object));
    }
    // The authors' files name the objects of batch 0 in alphabetical order.
    start.sort(Comparator.comparing(CoreSequence::toString));
    start.forEach(sequence -> sessionsSeen[sequence.object()]++);

    List<List<CoreSequence>> batches = new ArrayList<>();
    batches.add(start);
    int perBatch = objects.length() / (size - 1);
    for (int from = 0; from < objects.length(); from += perBatch) {
      List<CoreSequence> batch = new ArrayList<>();
      for (int i = from; i < from + perBatch; i++) {
        int object = LETTERS.indexOf(objects.charAt(i)) + 1;
        int session = CoreSequence.TRAIN_SESSIONS.get(sessionsSeen[object]++);
        batch.add(new CoreSequence(session, object));
      }
      batches.add(batch);
    }
    return batches;
  }
}
