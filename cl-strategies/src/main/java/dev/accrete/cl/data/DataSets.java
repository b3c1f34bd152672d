package dev.accrete.cl.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Opens the data sets that a {@link DataSpec} names. */
public final class DataSets {
  /** Sessions that CORe50 sets aside for testing. */
  public static final List<Integer> TEST_SESSIONS = List.of(3, 7, 10);

  private static final int FRAME_STEP = 10;

  private DataSets() {}

  /**
   * The training and test images of a set, read afresh whenever asked for; wrap them with {@link
   * PackedImages} to decode once. For CORe50 and its simulation: every tenth frame of the training
   * sessions and of sessions 3, 7 and 10.
   *
   * @param size height and width of the images in pixels
   * @throws DataException if the files are missing or damaged
   */
  public static LabelledData labelled(DataSpec spec, int size) {
    return switch (spec.kind()) {
      case SIM, CORE50 -> {
        FrameSource source = frames(spec);
        yield new LabelledData(
            source.images(source.name() + "-train", sessions(source, false), size),
            source.images(source.name() + "-test", sessions(source, true), size));
      }
      case IMAGES ->
          new LabelledData(
              ImageFolder.train(folder(spec), size), ImageFolder.test(folder(spec), size));
      case CIFAR10 ->
          new LabelledData(
              Cifar10Binary.train(folder(spec), size), Cifar10Binary.test(folder(spec), size));
      case IDX -> new LabelledData(Idx.train(folder(spec), size), Idx.test(folder(spec), size));
    };
  }

  /**
   * The frames that the NICv2 lists address.
   *
   * @throws IllegalArgumentException if the set has no sessions and objects
   * @throws DataException if the files are missing
   */
  public static FrameSource frames(DataSpec spec) {
    return switch (spec.kind()) {
      case SIM -> new SimulatedCore50();
      case CORE50 -> new Core50Folder(folder(spec));
      case IMAGES, CIFAR10, IDX ->
          throw new IllegalArgumentException(
              "data '"
                  + spec
                  + "' has no CORe50 sessions; use sim or core50:DIR here, or scenario"
                  + " nicv2-N (such as nicv2-79) over the labelled set");
    };
  }

  private static Path folder(DataSpec spec) {
    Optional<Path> folder = spec.folder();
    return folder.orElseThrow();
  }

  private static List<FrameKey> sessions(FrameSource source, boolean test) {
    List<FrameKey> frames = new ArrayList<>();
    for (int session = 1; session <= FrameKey.SESSIONS; session++) {
      if (TEST_SESSIONS.contains(session) == test) {
        for (int object = 1; object <= FrameKey.OBJECTS; object++) {
          List<FrameKey> all = source.sequence(session, object);
          IntStream.iterate(0, i -> i < all.size(), i -> i + FRAME_STEP)
              .mapToObj(all::get)
              .forEach(frames::add);
        }
      }
    }
    return frames;
  }
}
