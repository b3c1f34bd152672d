package dev.accrete.cl.data;

/**
 * The address of one CORe50 frame.
 *
 * @param session recording session, 1..11
 * @param object object, 1..50
 * @param frame frame number within the sequence, 0 or more
 */
public record FrameKey(int session, int object, int frame) {
  /** Number of recording sessions of CORe50. */
  public static final int SESSIONS = 11;

  /** Number of objects of CORe50. */
  public static final int OBJECTS = 50;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if session, object or frame is out of range
   */
  public FrameKey {
    if (session < 1 || session > SESSIONS) {
      throw new IllegalArgumentException("session " + session + " is not in 1.." + SESSIONS);
    }
    if (object < 1 || object > OBJECTS) {
      throw new IllegalArgumentException("object " + object + " is not in 1.." + OBJECTS);
    }
    if (frame < 0) {
      throw new IllegalArgumentException("frame " + frame + " is negative");
    }
  }

  /** The label of the object in the 50-way task: object - 1. */
  public int label() {
    return object - 1;
  }

  /** The path of the frame in the 128x128 CORe50 folder, such as {@code s3/o7/C_03_07_042.png}. */
  public String path() {
    return "s"
        + session
        + "/o"
        + object
        + "/C_"
        + pad(session, 2)
        + "_"
        + pad(object, 2)
        + "_"
        + pad(frame, 3)
        + ".png";
  }

  private static String pad(int value, int digits) {
    String text = Integer.toString(value);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
