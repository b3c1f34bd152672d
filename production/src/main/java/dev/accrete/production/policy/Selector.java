package dev.accrete.production.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The images that a rule is about: all of them, or those whose features have certain values.
 *
 * <p>Written {@code all}, or {@code feature=value} with commas between several. The value {@code *}
 * stands for each value that occurs: {@code class=*} is a slice for every class. A backslash before
 * a comma, an equals sign, an asterisk or a backslash takes its meaning away.
 *
 * @param values by feature, in the order written; {@link #EACH} for an asterisk
 */
public record Selector(Map<String, String> values) {
  /** The word for all images. */
  public static final String ALL = "all";

  /** Stands for each value; a control character, so that no value is like it. */
  public static final String EACH = "\u0000*";

  /** Copies the map. */
  public Selector {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * Reads what a policy says.
   *
   * @throws IllegalArgumentException saying what it must be
   */
  public static Selector parse(String text) {
    if (text.strip().equals(ALL)) {
      return new Selector(Map.of());
    }
    Map<String, String> values = new LinkedHashMap<>();
    StringBuilder part = new StringBuilder();
    String feature = "";
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ',';
      if (c == '\\' && i + 1 < text.length()) {
        part.append(c).append(text.charAt(++i));
      } else if (c == '=' && feature.isEmpty()) {
        feature = plain(part);
        part.setLength(0);
        require(!feature.isEmpty(), text);
      } else if (c == ',') {
        require(!feature.isEmpty() && !part.toString().isBlank(), text);
        String value = part.toString().strip().equals("*") ? EACH : plain(part);
        if (values.put(feature, value) != null) {
          throw new IllegalArgumentException(
              "slice '" + text + "' names " + feature + " twice; no image has two values of it");
        }
        feature = "";
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    return new Selector(values);
  }

  private static void require(boolean sound, String text) {
    if (!sound) {
      throw new IllegalArgumentException(
          "slice '"
              + text
              + "' must be all, or feature=value with commas between several, such as class=cat or"
              + " day=2026-01-31,subject=7");
    }
  }

  private static String plain(CharSequence escaped) {
    StringBuilder text = new StringBuilder();
    String stripped = escaped.toString().strip();
    for (int i = 0; i < stripped.length(); i++) {
      if (stripped.charAt(i) == '\\' && i + 1 < stripped.length()) {
        i++;
      }
      text.append(stripped.charAt(i));
    }
    return text.toString();
  }

  /** Of how many features it stands for each value. */
  public int wildcards() {
    return Collections.frequency(values.values(), EACH);
  }

  /** Whether images of these values are among those meant, and no other feature is named. */
  public boolean covers(Map<String, String> slice) {
    return slice.keySet().equals(values.keySet())
        && values.entrySet().stream()
            .allMatch(e -> e.getValue().equals(EACH) || e.getValue().equals(slice.get(e.getKey())));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return values.isEmpty() ? ALL : text(values);
  }

  /** The name of one slice: as {@link #parse} reads it. */
  public static String name(Map<String, String> slice) {
    return slice.isEmpty() ? ALL : text(slice);
  }

  private static String text(Map<String, String> values) {
    return values.entrySet().stream()
        .map(
            e ->
                escaped(e.getKey())
                    + "="
                    + (e.getValue().equals(EACH) ? "*" : escaped(e.getValue())))
        .collect(Collectors.joining(","));
  }

  private static String escaped(String text) {
    return text.replaceAll("([\\\\,=*])", "\\\\$1");
  }
}
