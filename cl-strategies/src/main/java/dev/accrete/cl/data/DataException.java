package dev.accrete.cl.data;

import dev.accrete.core.AccreteException;

/**
 * A data set that is missing, damaged or not what it claims to be. The message names the file, the
 * value found there and what to do about it.
 */
public sealed class DataException extends AccreteException permits DamagedImageException {
  private static final long serialVersionUID = 1L;

  /** An error found in the data itself. */
  public DataException(String message) {
    super(message);
  }

  /** An error reported by the file system or a decoder. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
