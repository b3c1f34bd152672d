package dev.accrete.production.store;

import java.util.OptionalInt;

/** Which version each alias names; read at one moment. */
public record Aliases(OptionalInt champion, OptionalInt candidate, OptionalInt previous) {
  /** The version that an alias names. */
  public OptionalInt of(Alias alias) {
    return switch (alias) {
      case CHAMPION -> champion;
      case CANDIDATE -> candidate;
      case PREVIOUS -> previous;
    };
  }
}
