package dev.accrete.production.drift;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One way in which a day may differ from the days before.
 *
 * @param name class-mix, a property of images, latents-mmd or latents-ks
 * @param score how far, 0 (not at all) to 1
 * @param pValue how often chance alone shows as much, corrected for the tests of its group
 * @param significant whether chance does not explain it
 * @param warn score beyond which it is worth a warning
 * @param refuse score beyond which the day is refused
 * @param detail what else is known of it; may be empty
 */
@JsonIgnoreProperties(value = "level", allowGetters = true)
public record Shift(
    String name,
    double score,
    double pValue,
    boolean significant,
    double warn,
    double refuse,
    String detail) {
  /** What comes of a shift. */
  public enum Level {
    /** Nothing. */
    NONE,
    /** A warning. */
    WARN,
    /** The day is refused. */
    REFUSE
  }

  /** What comes of it: a score counts only if chance does not explain it. */
  @JsonProperty
  public Level level() {
    if (!significant || score <= warn) {
      return Level.NONE;
    }
    return score > refuse ? Level.REFUSE : Level.WARN;
  }
}
