package dev.accrete.production.drift;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.accrete.core.AccreteException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How a day differs from the days before.
 *
 * @param images of the day
 * @param reference images that it was compared with
 * @param shifts everything tested; nothing if there are too few images
 */
@JsonIgnoreProperties(value = "level", allowGetters = true)
public record DriftReport(int images, int reference, List<Shift> shifts) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Copies the list. */
  public DriftReport {
    shifts = List.copyOf(shifts);
  }

  /** The worst that comes of any shift. */
  @JsonProperty
  public Shift.Level level() {
    return shifts.stream()
        .map(Shift::level)
        .max(Comparator.naturalOrder())
        .orElse(Shift.Level.NONE);
  }

  /** Whether there were images enough to compare. */
  public boolean tested() {
    return !shifts.isEmpty();
  }

  /** A line for each shift that something comes of, the worst first. */
  public List<String> reasons() {
    return shifts.stream()
        .filter(shift -> shift.level() != Shift.Level.NONE)
        .sorted(Comparator.comparing(Shift::level).reversed().thenComparing(s -> -s.score()))
        .map(DriftReport::line)
        .toList();
  }

  private static String line(Shift shift) {
    boolean refuses = shift.level() == Shift.Level.REFUSE;
    return String.format(
        Locale.ROOT,
        "%s drifted by %.3f, above the %s of %s%s",
        shift.name(),
        shift.score(),
        refuses ? "limit" : "warning",
        refuses ? shift.refuse() : shift.warn(),
        shift.detail().isEmpty() ? "" : " (" + shift.detail() + ")");
  }

  /** One JSON object in one line. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report that JSON cannot hold: " + this, e);
    }
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @throws AccreteException if it is no such text
   */
  public static DriftReport ofJson(String json) {
    try {
      return JSON.readValue(json, DriftReport.class);
    } catch (JsonProcessingException e) {
      throw new AccreteException("this is no report of drift: " + e.getOriginalMessage(), e);
    }
  }
}
