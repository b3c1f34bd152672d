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

  /**
   * The images to test with, if they can be had without others: by default those of {@link
   * #labelled}.
   *
   * @throws DataException if there are none, or they are damaged
   */
  default ImageSet test(int size) {
    return labelled(size).test();
  }

  /**
   * The images of one day of a stream, all of them to be learned: by default the training images of
   * {@link #labelled}.
   *
   * @throws DataException if there are none, or they are damaged
   */
  default ImageSet day(int size) {
    return labelled(size).train();
  }
}
