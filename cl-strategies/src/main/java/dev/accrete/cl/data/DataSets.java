package dev.accrete.cl.data;

import java.util.List;

/** Opens the data sets that a {@link DataSpec} names. */
public final class DataSets {
  /** Sessions that CORe50 sets aside for testing. */
  public static final List<Integer> TEST_SESSIONS = List.of(3, 7, 10);

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
    return spec.open().labelled(size);
  }

  /**
   * The frames that the NICv2 lists address.
   *
   * @throws IllegalArgumentException if the set has no sessions and objects
   * @throws DataException if the files are missing
   */
  public static FrameSource frames(DataSpec spec) {
    if (!spec.hasFrames()) {
      throw new IllegalArgumentException(
          "data '"
              + spec
              + "' has no CORe50 sessions; use sim or core50:DIR here, or scenario"
              + " nicv2-N (such as nicv2-79) over the labelled set");
    }
    return spec.open().frames();
  }
}
