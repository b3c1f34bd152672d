package dev.accrete.production.daily;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.accrete.production.gate.Accuracy;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.store.LeftOut;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of a day.
 *
 * @param day its name; empty if the loop stopped whatever the day
 * @param kind where it ended
 * @param images new images to be learned
 * @param heldOut new images that joined the regression set
 * @param quarantined images set aside, by reason
 * @param newClasses names that came up for the first time
 * @param version what was made of it, if anything was
 * @param reasons why it was refused or blocked, or has failed; empty otherwise
 * @param warnings how it drifted from the days before, if that was worth a warning, and losses that
 *     the gate saw without proof
 * @param with other days that its version learned, as they had come in meanwhile
 * @param leftOut days that its version did not learn, though they are in the store
 * @param accuracy of its version on images that no model learned, and the champion's
 * @param over whether it had ended so before, and nothing is news
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
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> warnings,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> with,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<LeftOut> leftOut,
    Optional<Accuracy> accuracy,
    boolean over) {
  private static final int SHOWN = 5;

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
    /** It could not be read; it is tried again the next time. */
    @JsonProperty("failed")
    FAILED,
    /** The loop itself could not go on; the next one goes on where it stopped. */
    @JsonProperty("stopped")
    STOPPED,
    /** There was nothing in it that the champion does not know. */
    @JsonProperty("unchanged")
    UNCHANGED;

    /** Whether somebody should look. */
    public boolean isProblem() {
      return this == BLOCKED || this == REFUSED || this == FAILED || this == STOPPED;
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
    with = List.copyOf(with);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * One that could not be read.
   *
   * @param why in a line, with the remedy
   */
  static DayOutcome failed(String day, String why) {
    return nothing(
        day,
        Kind.FAILED,
        List.of(
            why,
            "it is tried again the next time; what is no day belongs elsewhere, or gets a name that"
                + " begins with _"));
  }

  /**
   * A loop that could not go on, whatever the day.
   *
   * @param why in a line, with the remedy
   */
  public static DayOutcome stopped(String why) {
    return nothing("", Kind.STOPPED, List.of(why));
  }

  private static DayOutcome nothing(String day, Kind kind, List<String> reasons) {
    return new DayOutcome(
        day,
        kind,
        0,
        0,
        new TreeMap<>(),
        List.of(),
        OptionalInt.empty(),
        reasons,
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        false);
  }

  /** The same, with what else its version learned, what it left out, how good it is, and doubts. */
  DayOutcome made(
      List<String> others,
      List<LeftOut> omitted,
      Optional<Accuracy> measured,
      List<String> doubts) {
    return new DayOutcome(
        day,
        kind,
        images,
        heldOut,
        quarantined,
        newClasses,
        version,
        reasons,
        Stream.concat(warnings.stream(), doubts.stream()).toList(),
        others,
        omitted,
        measured,
        over);
  }

  /** Whether somebody should look who has not been told before. */
  public boolean alarms() {
    return kind.isProblem() && !over;
  }

  /** One line for people, and one more for each reason and warning. */
  public String line() {
    if (over && kind.isProblem()) {
      return day + ": " + kind + " before: " + reasons.getFirst();
    }
    if (kind == Kind.FAILED) {
      return day + ": failed\n  " + String.join("\n  ", reasons);
    }
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
              .collect(
                  Collectors.joining(
                      "; ", " (", "; named by: store show --quarantine " + day + ")")));
    }
    if (!newClasses.isEmpty()) {
      line.append(", new: ").append(String.join(", ", newClasses));
    }
    version.ifPresent(id -> line.append(", version ").append(id));
    accuracy.ifPresent(measured -> line.append(", ").append(measured.text()));
    reasons.forEach(reason -> line.append("\n  ").append(reason));
    warnings.forEach(warning -> line.append("\n  warning: ").append(warning));
    if (!with.isEmpty()) {
      line.append("\n  learned with it, as they were in the store: ").append(some(with));
    }
    if (!leftOut.isEmpty()) {
      line.append("\n  ").append(LeftOut.line(leftOut));
    }
    return line.toString();
  }

  private static String some(List<String> names) {
    int more = names.size() - SHOWN;
    return String.join(", ", names.stream().limit(SHOWN).toList())
        + (more > 0 ? " and " + more + " more" : "");
  }
}
