package dev.accrete.production.store;

import java.util.Optional;

/** Looks at a day as a whole, after its images were looked at and before it is taken in. */
@FunctionalInterface
public interface DayCheck {
  /** Has nothing against any day. */
  DayCheck NONE = images -> new Finding(Optional.empty(), Optional.empty());

  /**
   * What it found.
   *
   * @param refusal why the day is not to be taken in
   * @param drift JSON on how the day differs from those before, which is kept with it
   */
  record Finding(Optional<String> refusal, Optional<String> drift) {}

  /** Looks at the images that are let in; they are gone when this returns. */
  Finding check(IncomingImages images);
}
