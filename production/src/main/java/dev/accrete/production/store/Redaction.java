package dev.accrete.production.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.accrete.production.policy.Selector;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a name out of texts, and out of JSON what was measured under it. */
final class Redaction {
  /** What a gate finds of some images names them here. */
  private static final String SLICE = "slice";

  /** Words of the program's own, which a name may happen to equal. */
  private static final Set<String> OWN = Set.of("kind", "status", "level");

  private final Pattern name;
  private final String exact;
  private final String value;
  private final String placeholder;

  /** Puts a placeholder in the place of a name, where it is not a part of other words. */
  Redaction(String name, String placeholder) {
    this.name = Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(name) + "(?![\\p{L}\\p{N}])");
    exact = name;
    value = Selector.name(Map.of("", name));
    this.placeholder = placeholder;
  }

  /** A text without the name. */
  String text(String text) {
    return name.matcher(text).replaceAll(Matcher.quoteReplacement(placeholder));
  }

  /** JSON without the name, and without the members of lists that are about it. */
  String json(String json) {
    if (!text(json).equals(json) || json.indexOf('\\') >= 0) {
      return Json.text(node(Json.tree(json)));
    }
    return json;
  }

  private JsonNode node(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> object(object);
      case ArrayNode array -> array(array);
      case TextNode text -> TextNode.valueOf(text(text.textValue()));
      default -> node;
    };
  }

  private ObjectNode object(ObjectNode object) {
    ObjectNode redacted = JsonNodeFactory.instance.objectNode();
    object
        .properties()
        .forEach(
            member ->
                redacted.set(
                    member.getKey().equals(exact) ? placeholder : member.getKey(),
                    OWN.contains(member.getKey()) ? member.getValue() : node(member.getValue())));
    return redacted;
  }

  private ArrayNode array(ArrayNode array) {
    ArrayNode redacted = JsonNodeFactory.instance.arrayNode();
    for (JsonNode member : array) {
      String slice = member.path(SLICE).asText();
      if (!slice.endsWith(value) && !slice.contains(value + ",")) {
        redacted.add(node(member));
      }
    }
    return redacted;
  }
}
