package dev.accrete.cl.data;

/** Data that were opened: a labelled set at any image size, and for some frames too. */
public interface DataSource {
  /**
   * Training and test images, read afresh whenever asked for; wrap them with {@link PackedImages}
   * to decode once.
   *
   * @param size height and width of the images in pixels
   * @throws DataException if the data are missing or damaged
   */
  LabelledData labelled(int size);

  /**
   * The frames that the NICv2 lists address.
   *
   * @throws IllegalArgumentException if there are none
   */
  default FrameSource frames() {
    throw new IllegalArgumentException(
        "these data have no CORe50 sessions; use sim or core50:DIR here, or scenario nicv2-N (such"
            + " as nicv2-79) over the labelled set");
  }
}
