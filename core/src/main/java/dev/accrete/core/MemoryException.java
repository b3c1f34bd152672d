package dev.accrete.core;

/** There is not enough memory, on the device or on the heap. The message says for what. */
public final class MemoryException extends AccreteException {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public MemoryException(String message) {
    super(message);
  }

  /** An error with this message and its cause. */
  public MemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
