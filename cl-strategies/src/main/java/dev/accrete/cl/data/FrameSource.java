package dev.accrete.cl.data;

import java.util.List;

/**
 * A source of CORe50 frames addressed by session, object and frame: the real folder ({@link
 * Core50Folder}) or its simulation ({@link SimulatedCore50}). What the NICv2 scenarios read.
 */
public interface FrameSource {
  /** A short name for reports, such as {@code sim}. */
  String name();

  /**
   * All frames of one recording, in order.
   *
   * @param session 1..11
   * @param object 1..50
   * @throws DataException if this source lacks the recording
   */
  List<FrameKey> sequence(int session, int object);

  /**
   * The set of the given frames, in the given order, labelled by object.
   *
   * @param name name of the new set
   * @param frames addresses of the frames
   * @param size height and width of the images in pixels
   * @throws DataException if a frame does not exist in this source
   */
  ImageSet images(String name, List<FrameKey> frames, int size);
}
