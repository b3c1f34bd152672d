package dev.accrete.production.policy;

import dev.accrete.cl.run.ShellWords;
import dev.accrete.cl.settings.Schema;
import dev.accrete.core.AccreteException;
import dev.accrete.production.policy.PolicyForm.Rules;
import dev.accrete.production.policy.PolicyForm.Section;
import dev.accrete.production.policy.YamlNode.Items;
import dev.accrete.production.policy.YamlNode.Mapping;
import dev.accrete.production.policy.YamlNode.Nothing;
import dev.accrete.production.policy.YamlNode.Scalar;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** From the text of a file to a policy. */
final class PolicyReader {
  private static final long MOST_BYTES = 1 << 20;

  private final String source;
  private final Map<String, Mapping> sections = new LinkedHashMap<>();

  private PolicyReader(String source) {
    this.source = source;
  }

  static Policy read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new AccreteException(
            file + " has " + Files.size(file) + " bytes, a policy has at most " + MOST_BYTES);
      }
      return parse(Files.readString(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new AccreteException(
          "there is no policy " + file + "; accrete policy prints one to start from", e);
    } catch (CharacterCodingException e) {
      throw new AccreteException(file + " is no text in UTF-8; save it as such", e);
    } catch (IOException e) {
      throw new AccreteException("the policy " + file + " cannot be read: " + e, e);
    }
  }

  static Policy parse(String text, String source) {
    PolicyReader reader = new PolicyReader(source);
    reader.sections(YamlTree.parse(text.startsWith("\ufeff") ? text.substring(1) : text, source));
    return reader.policy();
  }

  private void sections(YamlNode root) {
    if (root instanceof Nothing) {
      return;
    }
    if (!(root instanceof Mapping file)) {
      throw error(root.line(), "this is " + root.kind() + ", must be sections with keys");
    }
    List<String> known = PolicyForm.SECTIONS.stream().map(Section::name).toList();
    file.values()
        .forEach(
            (name, node) -> {
              int line = line(file, name);
              if (!known.contains(name)) {
                throw unknown(line, "section", name, known);
              }
              switch (node) {
                case Mapping section -> sections.put(name, section);
                case Nothing n -> {} // a section whose keys are all comments
                default ->
                    throw error(line, name + " is " + node.kind() + ", must be keys with values");
              }
            });
    sections.forEach(this::requireKnown);
  }

  private void requireKnown(String section, Mapping keys) {
    List<String> all = PolicyForm.names();
    for (String key : keys.values().keySet()) {
      if (!all.contains(section + "." + key)) {
        throw unknown(line(keys, key), "key", section + "." + key, all);
      }
    }
  }

  private Policy policy() {
    Policy old = Policy.DEFAULT;
    IngestPolicy ingest = settings(PolicyForm.INGEST, old);
    GatePolicy gate = settings(PolicyForm.GATE, old);
    List<ValueRule> values = rules(PolicyForm.VALUES, old);
    List<ChangeRule> changes = rules(PolicyForm.CHANGES, old);
    List<RecallFloor> floors = rules(PolicyForm.FLOORS, old);
    RetentionPolicy retention = settings(PolicyForm.RETENTION, old);
    RetrainPolicy retrain = settings(PolicyForm.RETRAIN, old);
    ServePolicy serve = settings(PolicyForm.SERVE, old);
    NotifyPolicy notify = settings(PolicyForm.NOTIFY, old);
    CostPolicy cost = settings(PolicyForm.COST, old);
    try {
      return new Policy(
          ingest, gate, values, changes, floors, retention, retrain, serve, notify, cost);
    } catch (AccreteException e) {
      throw new AccreteException(source + ": " + e.getMessage(), e);
    }
  }

  private <S extends Record> S settings(Section<S> section, Policy old) {
    Mapping given = sections.get(section.name());
    S preset = section.of().apply(old);
    if (given == null) {
      return preset;
    }
    Map<String, String> changes = new LinkedHashMap<>();
    given
        .values()
        .forEach(
            (key, node) -> {
              if (section.schema().has(key)) {
                int line = line(given, key);
                changes.put(
                    key, value(section.schema(), preset, key, node, section.name() + ".", line));
              }
            });
    return section.schema().with(preset, changes);
  }

  private <R extends Record> List<R> rules(Rules<R> rules, Policy old) {
    Mapping gate = sections.get(Rules.SECTION);
    YamlNode node = gate == null ? null : gate.values().get(rules.name());
    if (gate == null || node == null) {
      return rules.of().apply(old);
    }
    String name = Rules.SECTION + "." + rules.name();
    if (!(node instanceof Items list)) {
      throw error(
          line(gate, rules.name()), name + " is " + node.kind() + ", must be a list; [] for none");
    }
    List<R> read = new ArrayList<>();
    for (YamlNode item : list.items()) {
      read.add(rule(rules, item, name + "[" + (read.size() + 1) + "]"));
    }
    return read;
  }

  private <R extends Record> R rule(Rules<R> rules, YamlNode item, String name) {
    if (!(item instanceof Mapping given)) {
      throw error(item.line(), name + " is " + item.kind() + ", must be keys with values");
    }
    Schema<R> schema = rules.schema();
    Map<String, String> changes = new LinkedHashMap<>();
    given
        .values()
        .forEach(
            (key, node) -> {
              int line = line(given, key);
              if (!schema.has(key)) {
                throw error(
                    line,
                    "there is no key "
                        + key
                        + " in "
                        + name
                        + "; it has "
                        + String.join(", ", schema.names()));
              }
              changes.put(key, value(schema, rules.unset(), key, node, name + ".", line));
            });
    for (String key : rules.required()) {
      if (!changes.containsKey(key)) {
        throw error(item.line(), name + " lacks " + key);
      }
    }
    R rule = schema.with(rules.unset(), changes);
    if (rule instanceof Rule ofSlice) {
      try {
        ofSlice.selector();
      } catch (IllegalArgumentException e) {
        throw error(line(given, "slice"), name + "." + e.getMessage());
      }
    }
    return rule;
  }

  /** The text of one value, which was seen to be in its range. */
  private <S extends Record> String value(
      Schema<S> schema, S preset, String key, YamlNode node, String prefix, int line) {
    String range =
        schema.entries().stream()
            .filter(entry -> entry.name().equals(key))
            .map(Schema.Entry::range)
            .findFirst()
            .orElseThrow();
    if (!(node instanceof Scalar scalar)) {
      throw error(
          line,
          prefix
              + key
              + " is "
              + node.kind()
              + ", must be "
              + (range.equals("a name") ? "one text" + inOne(key, node) : range));
    }
    try {
      schema.with(preset, Map.of(key, scalar.text()));
    } catch (AccreteException e) {
      throw new AccreteException(
          YamlTree.at(source, line)
              + prefix
              + key
              + " is '"
              + scalar.text()
              + "', must be "
              + range,
          e);
    }
    return scalar.text();
  }

  /** How a list would be written as one text, such as a command with its arguments. */
  private static String inOne(String key, YamlNode node) {
    if (!(node instanceof Items list) || list.items().isEmpty()) {
      return "";
    }
    List<String> words = new ArrayList<>();
    for (YamlNode item : list.items()) {
      words.add(item instanceof Scalar word ? ShellWords.quote(word.text()) : "...");
    }
    String text = String.join(" ", words).replace("\\", "\\\\").replace("\"", "\\\"");
    return ", such as " + key + ": \"" + text + "\"";
  }

  private static int line(Mapping mapping, String key) {
    return mapping.lines().getOrDefault(key, mapping.line());
  }

  private AccreteException error(int line, String what) {
    return new AccreteException(YamlTree.at(source, line) + what);
  }

  private AccreteException unknown(int line, String what, String name, Collection<String> known) {
    return error(
        line,
        "there is no "
            + what
            + " "
            + name
            + "; did you mean "
            + Nearest.to(name, known).stream().collect(Collectors.joining(" or "))
            + "?");
  }
}
