package dev.accrete.cl.data;

import java.nio.file.Path;

/** A set that knows the content of each of its images without decoding it. */
interface ContentKeyed {
  /** Length of a key, in bytes. */
  int KEY = 16;

  /**
   * Looks at the content of all images, once.
   *
   * @param cache folder that may hold the results of an earlier look, and gets those of this one
   */
  void look(Path cache, ProgressListener progress);

  /** Whether the content of an image could not be read. */
  boolean isUnreadable(int index);

  /**
   * What decides the pixels of an image: the content of its file, its size here and the decoder.
   * Only after {@link #look}, and only of an image that can be read.
   */
  byte[] contentKey(int index);
}
