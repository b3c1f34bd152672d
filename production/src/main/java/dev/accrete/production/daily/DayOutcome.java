package dev.accrete.production.daily;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.accrete.production.ingest.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What became of a day.
 *
 * @param day its name
 * @param kind where it ended
 * @param images new images to be learned
 * @param heldOut new images that joined the regression set
 * @param quarantined images set aside, by reason
 * @param newClasses names that came up for the first time
 * @param version what was made of it, if anything was
 * @param reasons why it was refused or blocked; empty otherwise
 * @param warnings how it drifted from the days before, if that was worth a warning
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DayOutcome(
    String day,
    Kind kind,
    int images,
    int heldOut,
    SortedMap<Reason, Integer> quarantined,
    List<String> newClasses,
    OptionalInt version,
    List<String> reasons,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> warnings) {
  /** Where a day ended. */
  public enum Kind {
    /** Its model is in production. */
    @JsonProperty("promoted")
    PROMOTED,
    /** Its model was not blessed; the champion stays. */
    @JsonProperty("blocked")
    BLOCKED,
    /** It did not come in. */
    @JsonProperty("refused")
    REFUSED,
    /** There was nothing in it that the champion does not know. */
    @JsonProperty("unchanged")
    UNCHANGED;

    /** Whether somebody should look. */
    public boolean isProblem() {
      return this == BLOCKED || this == REFUSED;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Keeps copies. */
  public DayOutcome {
    quarantined = Collections.unmodifiableSortedMap(new TreeMap<>(quarantined));
    newClasses = List.copyOf(newClasses);
    reasons = List.copyOf(reasons);
    warnings = List.copyOf(warnings);
  }

  /** One line for people. */
  public String line() {
    StringBuilder line =
        new StringBuilder(day)
            .append(": ")
            .append(kind)
            .append(", ")
            .append(images)
            .append(" images to learn, ")
            .append(heldOut)
            .append(" held out, ")
            .append(quarantined.values().stream().mapToInt(Integer::intValue).sum())
            .append(" set aside");
    if (!quarantined.isEmpty()) {
      line.append(
          quarantined.entrySet().stream()
              .map(reason -> reason.getValue() + " " + reason.getKey().meaning())
              .collect(Collectors.joining("; ", " (", ")")));
    }
    if (!newClasses.isEmpty()) {
      line.append(", new: ").append(String.join(", ", newClasses));
    }
    version.ifPresent(id -> line.append(", version ").append(id));
    reasons.forEach(reason -> line.append("\n  ").append(reason));
    warnings.forEach(warning -> line.append("\n  warning: ").append(warning));
    return line.toString();
  }
}
