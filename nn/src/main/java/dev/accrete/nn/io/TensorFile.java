package dev.accrete.nn.io;

import dev.accrete.core.AccreteException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Named tensors and remarks: the contents of a safetensors file.
 *
 * @param source where they were read from, for error messages; a name of their own if they were not
 * @param tensors by name
 * @param metadata remarks by name
 */
public record TensorFile(
    String source, SequencedMap<String, StoredTensor> tensors, SortedMap<String, String> metadata) {
  public TensorFile {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
  }

  /** Contents to be written. */
  public static TensorFile of(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    return new TensorFile("tensors", new LinkedHashMap<>(tensors), new TreeMap<>(metadata));
  }

  /**
   * The tensor of this name.
   *
   * @throws AccreteException if there is none
   */
  public StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AccreteException(
          source + " has no tensor '" + name + "'; it has " + tensors.keySet());
    }
    return tensor;
  }

  /**
   * The numbers of a tensor, which must have this shape.
   *
   * @throws AccreteException if there is none or its shape differs
   */
  public float[] floats(String name, int... shape) {
    StoredTensor tensor = tensor(name);
    List<Integer> expected = Arrays.stream(shape).boxed().toList();
    if (!tensor.shape().equals(expected)) {
      throw new AccreteException(
          source
              + ": tensor '"
              + name
              + "' has shape "
              + tensor.shape()
              + ", expected "
              + expected
              + "; it was written for another model");
    }
    return tensor.floats();
  }
}
