package dev.accrete.cl.data;

/** What to do with an image that cannot be decoded. */
public enum OnCorrupt {
  /** Stop with an error that names the file. */
  FAIL,
  /** Leave the image out and report how many were. */
  SKIP
}
