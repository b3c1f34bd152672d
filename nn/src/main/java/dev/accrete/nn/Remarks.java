package dev.accrete.nn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.TensorFile;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What weight files and models say about themselves in their metadata, and how it is spelt. */
final class Remarks {
  static final String MODEL = "model";
  private static final String CLASSES = "classes";
  private static final String MEAN = "mean";
  private static final String STD = "std";
  private static final String CHANNEL_ORDER = "channelOrder";
  private static final String RGB = "RGB";
  private static final String SHA_256 = "sha256";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Remarks() {}

  /** The names of the head's rows, and how image bytes become floats. */
  static Map<String, String> of(List<String> classes, Preprocessing preprocessing) {
    checkNames(classes);
    Map<String, String> remarks = new TreeMap<>();
    remarks.put(CLASSES, json(classes));
    remarks.put(MEAN, json(preprocessing.mean()));
    remarks.put(STD, json(preprocessing.std()));
    if (preprocessing.channels() == RGB.length()) {
      remarks.put(CHANNEL_ORDER, RGB);
    }
    return remarks;
  }

  /**
   * Class names as JSON in ASCII, for readers that know letters beyond it badly: ONNX Runtime for
   * Java garbles, and cuts, metadata with characters of four bytes.
   */
  static Map<String, String> ascii(List<String> classes) {
    try {
      return Map.of(
          CLASSES,
          JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(classes));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + classes, e);
    }
  }

  /**
   * The names of the head's rows, if the file tells them.
   *
   * @throws AccreteException if they are malformed, or one stands there twice
   */
  static Optional<List<String>> classes(TensorFile contents) {
    return Optional.ofNullable(contents.metadata().get(CLASSES))
        .map(
            text -> {
              List<String> names = List.of(parse(contents, CLASSES, text, String[].class));
              try {
                checkNames(names);
              } catch (IllegalArgumentException e) {
                throw broken(contents, String.valueOf(e.getMessage()));
              }
              return names;
            });
  }

  /**
   * How image bytes become floats, if the file tells.
   *
   * @throws AccreteException if that is malformed, or of another order of channels than red, green,
   *     blue
   */
  static Optional<Preprocessing> preprocessing(TensorFile contents) {
    Map<String, String> remarks = contents.metadata();
    String mean = remarks.get(MEAN);
    String std = remarks.get(STD);
    if (mean == null && std == null) {
      return Optional.empty();
    }
    if (mean == null || std == null) {
      throw broken(contents, "of mean and std it has only one");
    }
    String order = remarks.getOrDefault(CHANNEL_ORDER, RGB);
    if (!order.equals(RGB)) {
      throw broken(contents, "its channels are in order " + order + ", supported is RGB");
    }
    Float[] means = parse(contents, MEAN, mean, Float[].class);
    Float[] stds = parse(contents, STD, std, Float[].class);
    try {
      return Optional.of(new Preprocessing(List.of(means), List.of(stds)));
    } catch (IllegalArgumentException e) {
      throw broken(contents, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Refuses names that cannot tell rows of a head apart.
   *
   * @throws IllegalArgumentException if there is none, one is blank, or one stands there twice
   */
  static void checkNames(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("there are no class names");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("the name of class " + seen.size() + " is blank");
      }
      if (!seen.add(name)) {
        throw new IllegalArgumentException("class '" + name + "' stands there twice");
      }
    }
  }

  /** The same contents, with a checksum over tensors and remarks among the remarks. */
  static TensorFile sealed(TensorFile contents) {
    Map<String, String> remarks = new TreeMap<>(contents.metadata());
    remarks.put(SHA_256, checksum(contents));
    return TensorFile.of(contents.tensors(), remarks);
  }

  /**
   * Refuses contents that are not as {@link #sealed} left them.
   *
   * @throws AccreteException naming the file
   */
  static void checkSeal(TensorFile contents) {
    String promised = contents.metadata().get(SHA_256);
    if (promised == null) {
      throw new AccreteException(
          contents.source()
              + " is a model of an older form, without a checksum; export it again with this"
              + " version");
    }
    if (!promised.equals(checksum(contents))) {
      throw new AccreteException(
          contents.source()
              + " is damaged: its checksum does not match; copy it again from where it came from,"
              + " or export it again");
    }
  }

  private static String checksum(TensorFile contents) {
    Map<String, String> remarks = new TreeMap<>(contents.metadata());
    remarks.remove(SHA_256);
    return Safetensors.sha256(TensorFile.of(contents.tensors(), remarks));
  }

  private static <T> T[] parse(TensorFile contents, String key, String text, Class<T[]> type) {
    try {
      T[] list = JSON.readValue(text, type);
      if (list == null || Arrays.asList(list).contains(null)) {
        throw broken(contents, "its metadata '" + key + "' have a null");
      }
      return list;
    } catch (JsonProcessingException e) {
      throw broken(
          contents, "its metadata '" + key + "' are no list (" + e.getOriginalMessage() + ")");
    }
  }

  /** The error for a file whose tensors may be sound but whose description is not. */
  static AccreteException broken(TensorFile contents, String what) {
    return new AccreteException(
        contents.source() + " does not describe itself soundly: " + what + "; write it again");
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }
}
