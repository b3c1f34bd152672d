package dev.accrete.nn.image;

import dev.accrete.core.AccreteException;

/** A picture that cannot be decoded; the message names it and says why. */
public final class ImageException extends AccreteException {
  private static final long serialVersionUID = 1L;

  /** An error found in the picture itself. */
  public ImageException(String message) {
    super(message);
  }

  /** An error reported by the file system or a decoder. */
  public ImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
