package dev.accrete.production.serve.http;

/** Who sends a request: the name of its token. */
public record Caller(String name, Role role) {
  /** Anybody on this machine, where no tokens are asked for. */
  public static final Caller LOCAL = new Caller("local", Role.OPERATE);

  /** Somebody without a token. */
  static final Caller NOBODY = new Caller("nobody", Role.ANYBODY);
}
