package dev.accrete.production.serve.workshop;

import java.util.OptionalInt;

/**
 * Which versions have names.
 *
 * @param champion answers
 * @param candidate may become the champion
 * @param previous was the champion before
 */
public record Aliases(OptionalInt champion, OptionalInt candidate, OptionalInt previous) {
  /** No version has a name. */
  public static final Aliases NONE =
      new Aliases(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
}
