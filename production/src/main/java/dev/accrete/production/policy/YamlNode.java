package dev.accrete.production.policy;

import java.util.List;
import java.util.Map;

/** A part of a YAML file, with the line where it begins, from 1. */
sealed interface YamlNode {
  int line();

  /**
   * Keys and values, as they stand in the file.
   *
   * @param lines of the keys
   */
  record Mapping(int line, Map<String, YamlNode> values, Map<String, Integer> lines)
      implements YamlNode {}

  /** A list. */
  record Items(int line, List<YamlNode> items) implements YamlNode {}

  /** One value, as it is spelled without quotation marks. */
  record Scalar(int line, String text) implements YamlNode {}

  /** A key without a value. */
  record Nothing(int line) implements YamlNode {}

  /** What it is, for errors. */
  default String kind() {
    return switch (this) {
      case Mapping m -> "keys with values";
      case Items i -> "a list";
      case Scalar s -> "'" + s.text() + "'";
      case Nothing n -> "nothing";
    };
  }
}
