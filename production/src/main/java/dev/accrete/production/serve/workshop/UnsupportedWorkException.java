package dev.accrete.production.serve.workshop;

import dev.accrete.core.AccreteException;

/** Work that a workshop never does, with what to use instead. */
public final class UnsupportedWorkException extends AccreteException {
  private static final long serialVersionUID = 1L;

  public UnsupportedWorkException(String message) {
    super(message);
  }
}
