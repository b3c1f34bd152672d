package dev.accrete.production.serve.live;

import dev.accrete.core.AccreteException;

/** There is too much to do already; the same may succeed a moment later. */
public final class BusyException extends AccreteException {
  private static final long serialVersionUID = 1L;

  public BusyException(String message) {
    super(message);
  }
}
