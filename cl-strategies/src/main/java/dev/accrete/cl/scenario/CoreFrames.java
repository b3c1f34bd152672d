package dev.accrete.cl.scenario;

import dev.accrete.cl.data.FrameKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which frames exist of each CORe50 sequence, and the order of its training and test sets. */
public final class CoreFrames {
  /** The last frame of every sequence. The first one is 0 to 7. */
  public static final int LAST_FRAME = 299;

  private static final CoreFrames OFFICIAL =
      new CoreFrames(Resources.dataLines("core50-frames.txt"));

  private final int[][] first = new int[CoreSequence.SESSIONS + 1][CoreSequence.OBJECTS + 1];

  private CoreFrames(List<String> lines) {
    for (String line : lines) {
      String[] fields = line.split(" ", -1);
      int session = Integer.parseInt(fields[0]);
      for (int object = 1; object <= CoreSequence.OBJECTS; object++) {
        first[session][object] = Character.digit(fields[1].charAt(object - 1), 10);
      }
    }
  }

  /** The frames of the published data set. */
  public static CoreFrames official() {
    return OFFICIAL;
  }

  /** Number of the first frame of {@code sequence}; the last one is {@link #LAST_FRAME}. */
  public int first(CoreSequence sequence) {
    return first[sequence.session()][sequence.object()];
  }

  /** How many frames {@code sequence} has; there are no gaps. */
  public int size(CoreSequence sequence) {
    return LAST_FRAME - first(sequence) + 1;
  }

  /**
   * Every {@code every}-th frame of {@code sequence}, beginning with its first one, so that no
   * sequence ever becomes empty.
   *
   * @throws IllegalArgumentException if {@code every} is not positive
   */
  public List<FrameKey> frames(CoreSequence sequence, int every) {
    requirePositive(every);
    List<FrameKey> frames = new ArrayList<>();
    for (int frame = first(sequence); frame <= LAST_FRAME; frame += every) {
      frames.add(new FrameKey(sequence.session(), sequence.object(), frame));
    }
    return List.copyOf(frames);
  }

  /** The 400 sequences of the training sessions, by session, then by object number. */
  public static List<CoreSequence> trainSequences() {
    return sequences(CoreSequence.TRAIN_SESSIONS);
  }

  /**
   * The 150 sequences of the test sessions in the order of the published file list: by session,
   * then by object name as text (o1, o10, o11, ..., o19, o2, ...).
   */
  public static List<CoreSequence> testSequences() {
    return sequences(CoreSequence.TEST_SESSIONS).stream()
        .sorted(
            Comparator.comparingInt(CoreSequence::session)
                .thenComparing(sequence -> Integer.toString(sequence.object())))
        .toList();
  }

  /**
   * Every {@code every}-th frame of the whole test list, beginning with the first: {@code 1} gives
   * all 44,972 frames, {@code 20} the 2,249 of the published test set.
   *
   * @throws IllegalArgumentException if {@code every} is not positive
   */
  public List<FrameKey> test(int every) {
    requirePositive(every);
    List<FrameKey> frames = new ArrayList<>();
    int position = 0;
    for (CoreSequence sequence : testSequences()) {
      for (FrameKey frame : frames(sequence, 1)) {
        if (position % every == 0) {
          frames.add(frame);
        }
        position++;
      }
    }
    return List.copyOf(frames);
  }

  private static List<CoreSequence> sequences(List<Integer> sessions) {
    List<CoreSequence> sequences = new ArrayList<>();
    for (int session : sessions) {
      for (int object = 1; object <= CoreSequence.OBJECTS; object++) {
        sequences.add(new CoreSequence(session, object));
      }
    }
    return List.copyOf(sequences);
  }

  private static void requirePositive(int every) {
    if (every < 1) {
      throw new IllegalArgumentException(
          "every is " + every + ": take every 1st, 2nd, ... frame, at least 1");
    }
  }
}
