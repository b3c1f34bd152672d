package dev.accrete.cl.data;

/**
 * What to do with an image that cannot be decoded. A file that cannot be read at the moment is left
 * out by {@link #SKIP} only as long as that lasts.
 */
public enum OnCorrupt {
  /** Stop with an error that names the file. */
  FAIL,
  /** Leave the image out and report how many were. */
  SKIP
}
