package dev.accrete.production.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads YAML so that every key keeps its line. Keys that stand twice are refused, and so are
 * aliases.
 */
final class YamlTree {
  private static final int DEPTH = 8;
  private static final Pattern LINE = Pattern.compile("(?m)^ in .*, line ([0-9]{1,9}), column");

  private static final YAMLFactory FACTORY =
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final YAMLParser parser;
  private final String source;

  private YamlTree(YAMLParser parser, String source) {
    this.parser = parser;
    this.source = source;
  }

  /**
   * The one document of a file; nothing if it has none.
   *
   * @throws AccreteException in one line that names the source and the line
   */
  static YamlNode parse(String text, String source) {
    try (YAMLParser parser = FACTORY.createParser(text)) {
      YamlTree tree = new YamlTree(parser, source);
      JsonToken first = parser.nextToken();
      YamlNode root = first == null ? new YamlNode.Nothing(1) : tree.node(first, 0);
      if (parser.nextToken() != null) {
        throw tree.error("a second document begins here; one file is one policy");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new AccreteException(at(source, line(e)) + reason(e), e);
    } catch (IOException e) {
      throw new AccreteException(source + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Where something is. */
  static String at(String source, int line) {
    return source + " line " + line + ": ";
  }

  /** Where the parser stopped: it also says where the part began that it was reading. */
  private static int line(JsonProcessingException e) {
    return LINE.matcher(e.getOriginalMessage())
        .results()
        .map(place -> Integer.parseInt(place.group(1)))
        .reduce((first, last) -> last)
        .orElse(e.getLocation() == null ? 1 : e.getLocation().getLineNr());
  }

  /** What the parser says, without its pictures of the place. */
  private static String reason(JsonProcessingException e) {
    List<String> lines =
        e.getOriginalMessage()
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" "))
            .map(String::strip)
            .toList();
    return "this is no sound YAML (" + String.join("; ", lines) + ")";
  }

  private YamlNode node(JsonToken token, int depth) throws IOException {
    int line = line();
    if (parser.isCurrentAlias()) {
      throw error("aliases (*name) are not read; write the value itself");
    }
    if (depth > DEPTH) {
      throw error("this is nested more than " + DEPTH + " deep");
    }
    return switch (token) {
      case START_OBJECT -> mapping(line, depth);
      case START_ARRAY -> {
        List<YamlNode> items = new ArrayList<>();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
          items.add(node(t, depth + 1));
        }
        yield new YamlNode.Items(line, items);
      }
      case VALUE_NULL -> new YamlNode.Nothing(line);
      default ->
          parser.getText().isEmpty()
              ? new YamlNode.Nothing(line)
              : new YamlNode.Scalar(line, parser.getText());
    };
  }

  private YamlNode mapping(int line, int depth) throws IOException {
    Map<String, YamlNode> values = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      lines.put(key, line());
      values.put(key, node(parser.nextToken(), depth + 1));
    }
    return new YamlNode.Mapping(line, values, lines);
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private AccreteException error(String what) {
    return new AccreteException(at(source, line()) + what);
  }
}
