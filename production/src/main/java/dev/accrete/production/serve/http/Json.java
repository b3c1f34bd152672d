package dev.accrete.production.serve.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** JSON in and out. Buffers are shared by all threads, for there are too many for one each. */
public final class Json {
  private static final int DEPTH = 32;
  private static final int DIGITS = 64;
  private static final int NAME = 256;
  private static final int FIRST = 512;

  /** An image in base64, and a little more. */
  private static final int STRING = 64 << 20;

  /** What the parser says of itself and of where it keeps the text. */
  private static final Pattern INTERNAL =
      Pattern.compile(" \\(start marker at [^)]*\\)[^)]*\\)|, from `[^`]*`");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  .maxNumberLength(DIGITS)
                  .maxNameLength(NAME)
                  .maxStringLength(STRING)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .addModule(new Jdk8Module())
          .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private Json() {}

  /** Writes one value. */
  @FunctionalInterface
  public interface Writer {
    /** Writes it. */
    void write(JsonGenerator to) throws IOException;
  }

  /** What a writer writes. */
  public static byte[] written(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST);
    try (JsonGenerator to = FACTORY.createGenerator(bytes)) {
      writer.write(to);
      to.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("JSON written to memory", e);
    }
  }

  /** A value as JSON. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("JSON written to memory", e);
    }
  }

  /** Reads token by token; the caller closes it. */
  public static JsonParser parser(byte[] bytes) {
    try {
      return FACTORY.createParser(bytes);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Reads a value.
   *
   * @throws Problem 400 if that is something else
   */
  public static <T> T read(byte[] bytes, Class<T> type) {
    try {
      T value = MAPPER.readValue(bytes, type);
      if (value == null) {
        throw Problem.of(400, "bad_json", "the body is null; see /openapi.yaml");
      }
      return value;
    } catch (IOException e) {
      throw keys(bytes, type).map(Json::bad).orElseGet(() -> unreadable(e));
    }
  }

  /** What to say about JSON that cannot be read. */
  public static Problem unreadable(IOException e) {
    return bad(message(e));
  }

  private static Problem bad(String what) {
    return Problem.of(
        400, "bad_json", "the body is not the JSON expected: " + what + "; see /openapi.yaml");
  }

  /** In words of JSON, none of this program's classes. */
  private static String message(IOException e) {
    if (e instanceof JsonMappingException mapping) {
      if (mapping.getCause() instanceof JsonProcessingException within) {
        return message(within);
      }
      if (mapping.getCause() instanceof IllegalArgumentException refused) {
        return String.valueOf(refused.getMessage());
      }
      String where =
          mapping.getPath().stream()
              .map(step -> step.getFieldName() == null ? "" : step.getFieldName())
              .filter(name -> !name.isEmpty())
              .collect(Collectors.joining("."));
      return where.isEmpty()
          ? "it is another kind of value"
          : "the value of '" + where + "' is of another kind";
    }
    String message =
        e instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : String.valueOf(e.getMessage());
    return INTERNAL.matcher(message).replaceAll("");
  }

  /** Which keys of an object, or of one of a list, are unknown or missing. */
  private static Optional<String> keys(byte[] bytes, Class<?> type) {
    Class<?> record = type.isArray() ? type.componentType() : type;
    if (!record.isRecord()) {
      return Optional.empty();
    }
    try {
      JsonNode body = MAPPER.readTree(bytes);
      for (JsonNode object : body.isArray() ? body : List.of(body)) {
        Optional<String> wrong = object.isObject() ? keys(object, record) : Optional.empty();
        if (wrong.isPresent()) {
          return wrong;
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // It is no JSON at all, which is said then.
    }
  }

  private static Optional<String> keys(JsonNode object, Class<?> record) {
    List<String> known = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (RecordComponent key : record.getRecordComponents()) {
      known.add(key.getName());
      boolean optional = key.getType().getSimpleName().startsWith("Optional");
      if (!optional && !object.hasNonNull(key.getName())) {
        wrong.add("the key '" + key.getName() + "' is missing");
      }
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!known.contains(member.getKey())) {
        wrong.add(
            "there is no key '" + member.getKey() + "' (it has " + String.join(", ", known) + ")");
      }
    }
    return wrong.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", wrong));
  }
}
