package dev.accrete.production.serve.live;

import dev.accrete.core.AccreteException;

/** No version answers yet. */
public final class NoModelException extends AccreteException {
  private static final long serialVersionUID = 1L;

  public NoModelException(String message) {
    super(message);
  }
}
