package dev.accrete.production.serve.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.accrete.production.serve.http.Json;
import dev.accrete.production.serve.http.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The input of a request of the Open Inference Protocol: numbers or encoded images, whichever its
 * data hold; what they should be is told elsewhere in the request, perhaps later.
 */
final class Tensor {
  private static final int FIRST = 3 * 64 * 64;

  private final int most;
  private String name = "";
  private String type = "";
  private List<Integer> shape = List.of();
  private float[] numbers = new float[0];
  private int count;
  private final List<byte[]> texts = new ArrayList<>();

  private Tensor(int most) {
    this.most = most;
  }

  /**
   * What a request holds.
   *
   * @param id to be echoed
   * @param outputs names of what is wanted; all if there are none
   */
  record Request(Optional<String> id, List<Tensor> inputs, List<String> outputs) {}

  /**
   * Reads a request.
   *
   * @param most numbers that a tensor may have
   */
  static Request request(byte[] body, int most) {
    try (JsonParser json = Json.parser(body)) {
      return request(json, most);
    } catch (IOException e) {
      throw Json.unreadable(e);
    }
  }

  private static Request request(JsonParser json, int most) throws IOException {
    Optional<String> id = Optional.empty();
    List<Tensor> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    expect(json, json.nextToken(), JsonToken.START_OBJECT, "an object");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken token = json.nextToken();
      switch (field) {
        case "id" -> {
          expect(json, token, JsonToken.VALUE_STRING, "a string as id");
          id = Optional.of(json.getText());
        }
        case "inputs" -> {
          expect(json, token, JsonToken.START_ARRAY, "a list of inputs");
          while (json.nextToken() != JsonToken.END_ARRAY) {
            inputs.add(new Tensor(most).read(json));
          }
        }
        case "outputs" -> {
          expect(json, token, JsonToken.START_ARRAY, "a list of outputs");
          while (json.nextToken() != JsonToken.END_ARRAY) {
            outputs.add(output(json));
          }
        }
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw bad("something follows the request");
    }
    return new Request(id, inputs, outputs);
  }

  private static String output(JsonParser json) throws IOException {
    expect(json, json.currentToken(), JsonToken.START_OBJECT, "an output");
    String name = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean named = json.currentName().equals("name");
      json.nextToken();
      if (named) {
        name = json.getText();
      } else {
        json.skipChildren();
      }
    }
    return name;
  }

  private Tensor read(JsonParser json) throws IOException {
    expect(json, json.currentToken(), JsonToken.START_OBJECT, "an input");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "name" -> name = json.getText();
        case "datatype" -> type = json.getText();
        case "shape" -> shape = shape(json);
        case "data" -> data(json);
        default -> json.skipChildren();
      }
    }
    return this;
  }

  private static List<Integer> shape(JsonParser json) throws IOException {
    expect(json, json.currentToken(), JsonToken.START_ARRAY, "a list as shape");
    List<Integer> shape = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT, "a whole number in a shape");
      shape.add(json.getIntValue());
    }
    return shape;
  }

  /** Flat or nested: the protocol allows both. */
  private void data(JsonParser json) throws IOException {
    expect(json, json.currentToken(), JsonToken.START_ARRAY, "a list as data");
    int depth = 1;
    while (depth > 0) {
      JsonToken token = json.nextToken();
      switch (token) {
        case START_ARRAY -> depth++;
        case END_ARRAY -> depth--;
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> add(json.getFloatValue());
        case VALUE_STRING -> texts.add(json.getBinaryValue());
        case null, default ->
            throw bad("data hold numbers, or images as base64 strings, not " + token);
      }
    }
  }

  private void add(float number) {
    if (count == numbers.length) {
      if (count >= most) {
        throw Problem.of(
            413, "too_large", "a tensor has more than " + most + " numbers: send it in parts");
      }
      numbers = Arrays.copyOf(numbers, Math.min(most, Math.max(FIRST, 2 * count)));
    }
    numbers[count++] = number;
  }

  private static void expect(JsonParser json, JsonToken got, JsonToken wanted, String what)
      throws IOException {
    if (got != wanted) {
      throw bad(
          "expected "
              + what
              + " at "
              + json.currentLocation().offsetDescription()
              + ", got "
              + got);
    }
  }

  static Problem bad(String what) {
    return Problem.of(400, "bad_tensor", what + "; see /openapi.yaml");
  }

  String name() {
    return name;
  }

  String type() {
    return type;
  }

  /** Images as they were encoded; fails unless there are as many as the shape says. */
  List<byte[]> encoded() {
    long wanted = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    if (count > 0 || texts.isEmpty() || texts.size() != wanted) {
      throw bad(
          "input '"
              + name
              + "' of shape "
              + shape
              + " needs as many base64 strings, got "
              + texts.size());
    }
    return texts;
  }

  /** How many images of pixels there are; fails unless the data are as many as the shape says. */
  int images() {
    boolean fits =
        shape.size() == 4
            && shape.get(1) == 3
            && shape.stream().allMatch(side -> side > 0)
            && texts.isEmpty();
    if (!fits || elements() != count) {
      throw bad(
          "input '"
              + name
              + "' of shape "
              + shape
              + " with "
              + count
              + " numbers: pixels have the shape [images, 3, height, width], red first");
    }
    return shape.getFirst();
  }

  private double elements() {
    return shape.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
  }

  int height() {
    return shape.get(2);
  }

  int width() {
    return shape.get(3);
  }

  /** The levels of one image, planar; fails unless all are from 0 to 255. */
  byte[] levels(int image) {
    int size = 3 * height() * width();
    byte[] levels = new byte[size];
    for (int i = 0; i < size; i++) {
      float level = numbers[image * size + i];
      if (!(level >= 0 && level <= 255)) {
        throw bad("input '" + name + "' has a level of " + level + ", they go from 0 to 255");
      }
      levels[i] = (byte) Math.round(level);
    }
    return levels;
  }
}
