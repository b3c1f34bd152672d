package dev.accrete.core;

/**
 * Something a user can mend: bad input, a missing device, a full disk. The message names the thing,
 * the value and the remedy; programming errors are {@link IllegalArgumentException}s instead.
 */
public class AccreteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public AccreteException(String message) {
    super(message);
  }

  /** An error with this message and its cause. */
  public AccreteException(String message, Throwable cause) {
    super(message, cause);
  }
}
