package dev.accrete.nn.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parsed header of a safetensors file, checked against the bytes that follow it. */
record SafetensorsHeader(List<Entry> entries, SortedMap<String, String> metadata) {
  static final String METADATA = "__metadata__";
  static final String DTYPE = "dtype";
  static final String SHAPE = "shape";
  static final String OFFSETS = "data_offsets";

  /** The limit of the reference implementation. */
  static final int LARGEST = 100_000_000;

  private static final int MOST_EXTENTS = 16;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(4).maxNumberLength(20).build())
          .build();

  /** Where a tensor's bytes lie, counted from the end of the header. */
  record Entry(String name, StoredType type, List<Integer> shape, long begin, long end) {}

  static AccreteException broken(String source, String what) {
    return new AccreteException(
        source
            + " is not a sound safetensors file: "
            + what
            + "; it was truncated, damaged or is of another format. Fetch or write it again");
  }

  static SafetensorsHeader parse(String source, byte[] bytes, long dataSize) throws IOException {
    if (bytes[0] != '{') {
      throw broken(source, "its header does not begin with '{'");
    }
    List<Entry> entries = new ArrayList<>();
    SortedMap<String, String> metadata = new TreeMap<>();
    try (JsonParser json = JSON.createParser(bytes)) {
      Reader reader = new Reader(source, json);
      reader.expect(JsonToken.START_OBJECT);
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        if (name.equals(METADATA)) {
          reader.metadata(metadata);
        } else {
          entries.add(reader.entry(name));
        }
      }
      reader.require(json.currentToken() == JsonToken.END_OBJECT, "its header ends early");
      reader.require(json.nextToken() == null, "something follows the header's object");
    } catch (JsonProcessingException e) {
      throw broken(source, "its header is not valid JSON (" + e.getOriginalMessage() + ")");
    }
    checkTiling(source, entries, dataSize);
    return new SafetensorsHeader(List.copyOf(entries), metadata);
  }

  /** The tensors must fill the rest of the file exactly: no gap that hides bytes, no overlap. */
  private static void checkTiling(String source, List<Entry> entries, long dataSize) {
    List<Entry> ordered = new ArrayList<>(entries);
    ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    for (Entry entry : ordered) {
      if (entry.end() > dataSize) {
        throw broken(
            source,
            "tensor '" + entry.name() + "' ends at byte " + entry.end() + " of " + dataSize);
      }
      if (entry.begin() != end) {
        throw broken(
            source,
            "tensor '"
                + entry.name()
                + "' begins at byte "
                + entry.begin()
                + " where "
                + end
                + " was expected");
      }
      end = entry.end();
    }
    if (end != dataSize) {
      throw broken(source, (dataSize - end) + " bytes follow the last tensor");
    }
  }

  /** Reads the pieces of a header from a stream of tokens. */
  private record Reader(String source, JsonParser json) {
    void require(boolean condition, String otherwise) {
      if (!condition) {
        throw broken(source, otherwise);
      }
    }

    void expect(JsonToken token) throws IOException {
      JsonToken actual = json.nextToken();
      require(actual == token, "its header has " + actual + " in place of " + token);
    }

    void metadata(SortedMap<String, String> metadata) throws IOException {
      expect(JsonToken.START_OBJECT);
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        expect(JsonToken.VALUE_STRING);
        metadata.put(key, json.getText());
      }
    }

    Entry entry(String name) throws IOException {
      expect(JsonToken.START_OBJECT);
      Optional<StoredType> type = Optional.empty();
      Optional<List<Integer>> shape = Optional.empty();
      long[] offsets = {};
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        switch (key) {
          case DTYPE -> type = Optional.of(type(name));
          case SHAPE -> shape = Optional.of(shape(name));
          case OFFSETS -> offsets = numbers(name, 2);
          default -> throw broken(source, "tensor '" + name + "' has an unknown field " + key);
        }
      }
      require(
          type.isPresent() && shape.isPresent() && offsets.length == 2,
          "tensor '" + name + "' lacks dtype, shape or data_offsets");
      Entry entry = new Entry(name, type.get(), shape.get(), offsets[0], offsets[1]);
      long expected = StoredTensor.bytes(entry.type(), entry.shape());
      require(
          expected >= 0 && entry.end() - entry.begin() == expected,
          "tensor '"
              + name
              + "' of "
              + entry.type()
              + entry.shape()
              + " cannot have "
              + (entry.end() - entry.begin())
              + " bytes");
      return entry;
    }

    private StoredType type(String name) throws IOException {
      expect(JsonToken.VALUE_STRING);
      String text = json.getText();
      return Arrays.stream(StoredType.values())
          .filter(t -> t.name().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new AccreteException(
                      source
                          + ": tensor '"
                          + name
                          + "' has element type "
                          + text
                          + ", which is not supported; convert it to one of "
                          + Arrays.toString(StoredType.values())));
    }

    private List<Integer> shape(String name) throws IOException {
      long[] extents = numbers(name, MOST_EXTENTS);
      List<Integer> shape = new ArrayList<>();
      for (long extent : extents) {
        require(extent <= Integer.MAX_VALUE, "tensor '" + name + "' has an extent of " + extent);
        shape.add((int) extent);
      }
      return shape;
    }

    /** An array of at most {@code most} numbers, none negative. */
    private long[] numbers(String name, int most) throws IOException {
      expect(JsonToken.START_ARRAY);
      long[] numbers = new long[most];
      int count = 0;
      for (JsonToken token = json.nextToken();
          token != JsonToken.END_ARRAY;
          token = json.nextToken()) {
        require(
            token == JsonToken.VALUE_NUMBER_INT && count < most,
            "tensor '" + name + "' has a malformed list of numbers");
        numbers[count] = json.getLongValue();
        require(numbers[count] >= 0, "tensor '" + name + "' has a negative number");
        count++;
      }
      return Arrays.copyOf(numbers, count);
    }
  }
}
