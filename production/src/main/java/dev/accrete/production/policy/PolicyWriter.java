package dev.accrete.production.policy;

import dev.accrete.cl.settings.Schema;
import dev.accrete.production.policy.PolicyForm.Rules;
import dev.accrete.production.policy.PolicyForm.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From a policy to the text of a file that says it, with every key explained. */
final class PolicyWriter {
  private static final int WIDTH = 98;
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9._/+-]*");
  private static final Pattern RESERVED = Pattern.compile("(?i)null|yes|no|on|y|n");

  private final StringBuilder yaml = new StringBuilder();
  private final Policy policy;

  private PolicyWriter(Policy policy) {
    this.policy = policy;
  }

  static String yaml(Policy policy) {
    PolicyWriter writer = new PolicyWriter(policy);
    writer.comment(
        "",
        "What the owner of this store decides. A key that is left out has the value that `accrete"
            + " policy` prints; one that is unknown, or out of its range, is refused.");
    PolicyForm.SECTIONS.forEach(writer::section);
    return writer.yaml.toString();
  }

  private void section(Section<?> section) {
    yaml.append('\n');
    comment("", section.text());
    yaml.append(section.name()).append(":\n");
    Map<String, String> values = section.values(policy);
    for (Schema.Entry entry : section.schema().entries()) {
      comment("  ", entry.text() + explained(entry.range(), "") + ".");
      yaml.append("  ")
          .append(entry.name())
          .append(": ")
          .append(scalar(values.getOrDefault(entry.name(), "")))
          .append('\n');
    }
    if (section.equals(PolicyForm.GATE)) {
      PolicyForm.RULES.forEach(this::rules);
    }
  }

  private <R extends Record> void rules(Rules<R> rules) {
    Map<String, String> presets = rules.schema().toMap(rules.unset());
    yaml.append('\n');
    comment("  ", rules.text());
    for (Schema.Entry entry : rules.schema().entries()) {
      String preset =
          rules.required().contains(entry.name())
              ? ""
              : "if not said, " + presets.get(entry.name());
      comment("    ", entry.name() + ": " + entry.text() + explained(entry.range(), preset) + ".");
    }
    List<R> list = rules.of().apply(policy);
    yaml.append("  ").append(rules.name()).append(list.isEmpty() ? ": []\n" : ":\n");
    for (R rule : list) {
      Map<String, String> said = new LinkedHashMap<>(rules.schema().toMap(rule));
      said.entrySet()
          .removeIf(
              e ->
                  !rules.required().contains(e.getKey())
                      && !e.getKey().equals("slice")
                      && e.getValue().equals(presets.get(e.getKey())));
      List<String> pairs = new ArrayList<>();
      said.forEach((key, value) -> pairs.add(key + ": " + scalar(value)));
      yaml.append("    - {").append(String.join(", ", pairs)).append("}\n");
    }
  }

  /** What a value may be, in parentheses; a text may be any. */
  private static String explained(String range, String preset) {
    String what =
        Stream.of(range, preset)
            .filter(part -> !part.isEmpty() && !part.equals("a name"))
            .collect(Collectors.joining("; "));
    return what.isEmpty() ? "" : " (" + what + ")";
  }

  /** As YAML reads it back as a text or as the number that it is. */
  private static String scalar(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !RESERVED.matcher(text).matches();
    return plain || NUMBER.matcher(text).matches() ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || c == '\ufeff') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** A text behind number signs, in lines of bounded length. */
  private void comment(String indent, String text) {
    String begin = indent.length() > 2 ? "  #   " : indent + "# ";
    StringBuilder line = new StringBuilder(begin);
    StringTokenizer words = new StringTokenizer(text);
    while (words.hasMoreTokens()) {
      String word = words.nextToken();
      if (line.length() > begin.length() && line.length() + 1 + word.length() > WIDTH) {
        yaml.append(line).append('\n');
        line = new StringBuilder(begin).append(indent.length() > 2 ? "  " : "").append(word);
      } else {
        line.append(line.length() > begin.length() ? " " : "").append(word);
      }
    }
    yaml.append(line).append('\n');
  }
}
