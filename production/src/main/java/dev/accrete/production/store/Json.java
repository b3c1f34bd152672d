package dev.accrete.production.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.accrete.core.AccreteException;
import java.nio.charset.StandardCharsets;

/** How JSON is written to the tables and read from them. */
final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private Json() {}

  /** A value on one line; equal values give equal text. */
  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value that JSON cannot hold: " + value, e);
    }
  }

  /** A value as an indented file. */
  static byte[] file(Object value) {
    try {
      return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value that JSON cannot hold: " + value, e);
    }
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws AccreteException if it is something else
   */
  static <T> T read(String text, TypeReference<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new AccreteException(
          "the store's database is damaged: " + e.getOriginalMessage() + "; restore it from a copy",
          e);
    }
  }

  /**
   * What a JSON text of the database holds.
   *
   * @throws AccreteException if it is no JSON
   */
  static JsonNode tree(String text) {
    return read(text, new TypeReference<>() {});
  }

  /** Throws unless a text is JSON, which somebody else has made. */
  static void require(String text, String what) {
    try {
      MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(what + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
