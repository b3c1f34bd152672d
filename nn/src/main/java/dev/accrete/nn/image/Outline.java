package dev.accrete.nn.image;

/**
 * What the frame of a file says, read before any decoder sees it.
 *
 * @param plain whether the JDK's own reader knows this colour model; always so but for JPEG
 * @param transparent the grey level, of eight bits, that a PNG of fewer bits declares transparent,
 *     for the JDK compares it before it has spread the levels out; or {@link #OPAQUE}
 */
record Outline(Orientation orientation, boolean plain, int transparent) {
  static final int OPAQUE = -1;

  static final Outline SIMPLE = new Outline(Orientation.NORMAL, true, OPAQUE);
}
