package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The weights of a network as safetensors: one tensor per parameter and per moment, under its own
 * name ({@code conv2_1/dw.weight}, {@code conv2_1/dw.gamma}, {@code conv2_1/dw.moving_mean}, {@code
 * fc7.weight}).
 */
public final class WeightFile {
  private static final String MODEL = "model";

  private WeightFile() {}

  /**
   * Writes weights atomically.
   *
   * @param type the element type of convolution and linear weights; everything else, small and of
   *     wide range, stays in single precision
   * @param metadata remarks to keep with the weights
   * @throws AccreteException if a weight is not finite in that type, or the file cannot be written
   */
  public static void save(
      Path file, Network network, Weights weights, StoredType type, Map<String, String> metadata) {
    Safetensors.write(file, contents(network, weights, type, metadata));
  }

  /** What {@link #save} writes. */
  public static TensorFile contents(
      Network network, Weights weights, StoredType type, Map<String, String> metadata) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters().all()) {
      boolean weight = TrainingSpec.WEIGHTS.contains(parameter.role());
      put(tensors, parameter, weights.parameters(), weight ? type : StoredType.F32);
    }
    for (Parameter moment : network.moments().all()) {
      put(tensors, moment, weights.moments(), StoredType.F32);
    }
    Map<String, String> remarks = new TreeMap<>(metadata);
    remarks.put(MODEL, network.model());
    return TensorFile.of(tensors, remarks);
  }

  private static void put(
      Map<String, StoredTensor> tensors, Parameter parameter, float[] flat, StoredType type) {
    int from = parameter.offset();
    float[] values = Arrays.copyOfRange(flat, from, from + parameter.size());
    StoredTensor tensor = StoredTensor.of(type, values, parameter.shape().toArray());
    for (float value : tensor.floats()) {
      if (!Float.isFinite(value)) {
        throw new AccreteException(
            "parameter '"
                + parameter.name()
                + "' has a value that is not finite as "
                + type
                + "; do not save it, or save in F32 if it only overflows");
      }
    }
    tensors.put(parameter.name(), tensor);
  }

  /**
   * Reads the weights of a network, head included.
   *
   * @throws AccreteException if the file is not sound, or a tensor is missing, superfluous or of
   *     another shape, naming all of them
   */
  public static Weights load(Path file, Network network) {
    return fill(Safetensors.read(file), network, Weights.initial(network, 0), false);
  }

  /**
   * Reads the weights of a network whose head may be for other classes: then the head stays as in
   * {@code initial}.
   *
   * @throws AccreteException as {@link #load} does
   */
  public static Weights loadBackbone(Path file, Network network, Weights initial) {
    return backbone(Safetensors.read(file), network, initial);
  }

  /** The same, from contents already read. */
  static Weights backbone(TensorFile contents, Network network, Weights initial) {
    return fill(contents, network, initial, true);
  }

  private static Weights fill(
      TensorFile contents, Network network, Weights initial, boolean anyHead) {
    Weights weights = new Weights(initial.parameters().clone(), initial.moments().clone());
    Set<String> unused = new TreeSet<>(contents.tensors().keySet());
    List<String> faults = new ArrayList<>();
    fill(contents, network.parameters(), weights.parameters(), unused, faults, anyHead);
    fill(contents, network.moments(), weights.moments(), unused, faults, anyHead);
    unused.forEach(name -> faults.add("'" + name + "' is unknown to the model"));
    if (!faults.isEmpty()) {
      throw new AccreteException(
          contents.source()
              + " does not fit "
              + network.model()
              + " with "
              + network.classes()
              + " classes: "
              + String.join("; ", faults)
              + ". It was written for model "
              + contents.metadata().getOrDefault(MODEL, "unknown")
              + "; choose that one");
    }
    return weights;
  }

  private static void fill(
      TensorFile contents,
      Parameters layout,
      float[] flat,
      Set<String> unused,
      List<String> faults,
      boolean anyHead) {
    for (Parameter parameter : layout.all()) {
      unused.remove(parameter.name());
      StoredTensor tensor = contents.tensors().get(parameter.name());
      boolean optional = anyHead && parameter.role() == Role.HEAD;
      List<Integer> shape = Arrays.stream(parameter.shape().toArray()).boxed().toList();
      if (tensor == null) {
        if (!optional) {
          faults.add("'" + parameter.name() + "' is missing");
        }
      } else if (tensor.shape().equals(shape)) {
        System.arraycopy(tensor.floats(), 0, flat, parameter.offset(), parameter.size());
      } else if (!optional) {
        faults.add("'" + parameter.name() + "' has shape " + tensor.shape() + ", not " + shape);
      }
    }
  }
}
