package dev.accrete.production.store;

import java.util.Optional;

/** Looks at a day as a whole, after its images were looked at and before it is taken in. */
@FunctionalInterface
public interface DayCheck {
  /** Has nothing against any day. */
  DayCheck NONE = images -> Finding.NOTHING;

  /**
   * What it found.
   *
   * @param refusal why the day is not to be taken in
   * @param drift JSON on how the day differs from those before, which is kept with it
   * @param memory what the check wants to find in {@link Store#checkMemory} next time, kept if the
   *     day is taken in; empty if what is there is still good
   */
  record Finding(Optional<String> refusal, Optional<String> drift, Optional<byte[]> memory) {
    /** Nothing at all. */
    public static final Finding NOTHING = new Finding(Optional.empty(), Optional.empty());

    /** Nothing to remember. */
    public Finding(Optional<String> refusal, Optional<String> drift) {
      this(refusal, drift, Optional.empty());
    }
  }

  /** Looks at the images that are let in; they are gone when this returns. */
  Finding check(IncomingImages images);
}
