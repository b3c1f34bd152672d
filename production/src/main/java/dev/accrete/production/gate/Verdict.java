package dev.accrete.production.gate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.accrete.core.AccreteException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the gate says of a candidate: every value, every reason.
 *
 * @param outcome blessed if and only if no finding failed
 * @param policy SHA-256 of the text of the policy
 * @param images how many there were of each kind
 * @param findings all that was looked at, what failed first
 * @param slices metrics by slice; all images first
 * @param unlisted features of so many values that no table has a row for each
 */
public record Verdict(
    String format,
    Outcome outcome,
    Contender candidate,
    Optional<Contender> champion,
    String policy,
    Images images,
    Flips flips,
    List<Finding> findings,
    List<SliceScores> slices,
    List<String> unlisted) {
  /** The form of the JSON. */
  public static final String FORMAT = "accrete-verdict-1";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Whether a candidate may become champion. */
  public enum Outcome {
    /** It may. */
    BLESSED,
    /** It may not. */
    NOT_BLESSED
  }

  /**
   * Numbers of images.
   *
   * @param regression of the regression set
   * @param fresh of the held-out part of the new data
   * @param compared whose class the champion knows
   */
  public record Images(int regression, @JsonProperty("new") int fresh, int compared) {}

  /** Copies the lists. */
  public Verdict {
    findings = List.copyOf(findings);
    slices = List.copyOf(slices);
    unlisted = List.copyOf(unlisted);
  }

  /** Whether the candidate may become champion. */
  public boolean blessed() {
    return outcome == Outcome.BLESSED;
  }

  /** What stands in the way, all of it; nothing if blessed. */
  public List<Finding> reasons() {
    return findings.stream().filter(Finding::failed).toList();
  }

  /** What does not stand in the way, but somebody had better know. */
  public List<Finding> warnings() {
    return findings.stream().filter(Finding::warns).toList();
  }

  /** On how many images all this stands, in words. */
  public String basis() {
    int all = images.regression + images.fresh;
    String judged = "judged on " + Phrases.images(all);
    if (champion.isEmpty()) {
      return "the first version, " + judged;
    }
    String compared = "compared with version " + champion.get().version() + " on ";
    return images.compared == all
        ? compared + Phrases.images(all)
        : judged + ", " + compared + "the " + images.compared + " of them whose class that knows";
  }

  /** This with more that was looked at. */
  public Verdict with(List<Finding> more) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(more);
    return new Verdict(
        format,
        outcome(all),
        candidate,
        champion,
        policy,
        images,
        flips,
        sorted(all),
        slices,
        unlisted);
  }

  static Outcome outcome(List<Finding> findings) {
    return findings.stream().anyMatch(Finding::failed) ? Outcome.NOT_BLESSED : Outcome.BLESSED;
  }

  /** What failed first, then what may be worse, then what was not judged. */
  static List<Finding> sorted(List<Finding> findings) {
    List<Finding> sorted = new ArrayList<>();
    for (Finding.Status status :
        List.of(
            Finding.Status.FAILED,
            Finding.Status.WARNED,
            Finding.Status.NOT_JUDGED,
            Finding.Status.PASSED,
            Finding.Status.IGNORED)) {
      findings.stream().filter(finding -> finding.status() == status).forEach(sorted::add);
    }
    return sorted;
  }

  /** One JSON object in one line. */
  public String toJson() {
    return json(this);
  }

  /** The findings alone, as a JSON list. */
  public String findingsJson() {
    return json(findings);
  }

  /** The numbers alone, as a JSON object. */
  public String metricsJson() {
    return json(Map.of("images", images, "slices", slices));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a verdict that JSON cannot hold: " + value, e);
    }
  }

  /**
   * What {@link #findingsJson} wrote.
   *
   * @throws AccreteException if it is no such text
   */
  public static List<Finding> findingsOfJson(String json) {
    try {
      return JSON.readValue(json, new TypeReference<List<Finding>>() {});
    } catch (JsonProcessingException e) {
      throw new AccreteException("these are no findings of a gate: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @throws AccreteException if it is no such text
   */
  public static Verdict ofJson(String json) {
    try {
      Verdict verdict = JSON.readValue(json, Verdict.class);
      if (!verdict.format.equals(FORMAT)) {
        throw new AccreteException(
            "the verdict is of form '" + verdict.format + "', this program reads " + FORMAT);
      }
      return verdict;
    } catch (JsonProcessingException e) {
      throw new AccreteException("this is no verdict: " + e.getOriginalMessage(), e);
    }
  }

  /** The outcome and its reasons as lines of text. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    text.append(candidate.version())
        .append(blessed() ? " is BLESSED" : " is NOT BLESSED")
        .append(", ")
        .append(basis())
        .append('\n');
    for (Finding finding : findings) {
      text.append("  ").append(mark(finding)).append(finding.text()).append('\n');
    }
    return text.toString();
  }

  private static String mark(Finding finding) {
    return switch (finding.status()) {
      case PASSED -> "good        ";
      case FAILED -> "FAILED      ";
      case WARNED -> "warning     ";
      case NOT_JUDGED -> "not judged  ";
      case IGNORED -> "ignored     ";
    };
  }
}
