package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.nn.io.CaffeModel;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The weights of a network as safetensors: one tensor per parameter and per moment, under its own
 * name ({@code conv2_1/dw.weight}, {@code conv2_1/dw.gamma}, {@code conv2_1/dw.moving_mean}, {@code
 * fc7.weight}).
 */
public final class WeightFile {
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
    remarks.put(Remarks.MODEL, network.model());
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
   * Remarks for {@link #save} without which a head is not taken over again: whose rows it has, and
   * what the network was trained to read.
   *
   * @param classes the names of the head's rows, in order
   * @throws IllegalArgumentException if a name is blank or stands there twice
   */
  public static Map<String, String> remarks(List<String> classes, Preprocessing preprocessing) {
    return Remarks.of(classes, preprocessing);
  }

  /**
   * Reads the weights of a network, head included.
   *
   * @throws AccreteException if the file is not sound, a tensor is missing, superfluous or of
   *     another shape, naming all of them, or one has a number that no training leaves behind
   */
  public static Weights load(Path file, Network network) {
    return exact(Safetensors.read(file), network, Set.of());
  }

  /**
   * The same, from contents already read.
   *
   * @param others tensors that are not the network's
   */
  static Weights exact(TensorFile contents, Network network, Set<String> others) {
    Reader reader = new Reader(contents, network);
    reader.checkShapes(others, false);
    // Allocated only now that every length is known to be that of a tensor in the file.
    Weights weights =
        new Weights(new float[network.parameters().size()], new float[network.moments().size()]);
    reader.copyBody(weights);
    reader.copyHead(weights, IntStream.range(0, network.classes()).toArray());
    WeightCheck.check(contents.source(), network, weights);
    return weights;
  }

  /**
   * Reads weights to begin with from any kind of file: safetensors, an exported {@link Model}, or a
   * Caffe model with the layer names of the network.
   *
   * <p>A head is taken over row by row if the file names its classes and they are those asked for,
   * in whatever order; otherwise it stays as in {@code initial}. Rows of other classes that happen
   * to be as many would be worse than none.
   *
   * @param classes the names of the network's classes, in order; empty if they are not known
   * @param initial gives the head
   * @throws AccreteException if the file is of no known kind, or as {@link #load} does
   */
  public static Pretrained open(Path file, Network network, List<String> classes, Weights initial) {
    return switch (WeightKind.of(file)) {
      case SAFETENSORS -> backbone(Safetensors.read(file), network, classes, initial);
      case CAFFE ->
          new Pretrained(
              CaffeImport.weights(
                  network, CaffeModel.read(file), CaffeImport.ChannelOrder.BGR, initial),
              // Those with normalizations follow shicai's MobileNet, those without BVLC's CaffeNet.
              network.moments().all().isEmpty()
                  ? Preprocessing.caffeNet()
                  : Preprocessing.caffeMobileNet(),
              false);
    };
  }

  /**
   * Reads tensors for {@link Widening}.
   *
   * @throws AccreteException if the file is not sound safetensors
   */
  public static TensorFile tensors(Path file) {
    if (WeightKind.of(file) == WeightKind.CAFFE) {
      throw new AccreteException(
          file + " is a Caffe model, which cannot be widened; start from safetensors");
    }
    return Safetensors.read(file);
  }

  /** The same as {@link #open}, from contents already read. */
  static Pretrained backbone(
      TensorFile contents, Network network, List<String> classes, Weights initial) {
    if (Model.isModel(contents)) {
      Remarks.checkSeal(contents);
    }
    Reader reader = new Reader(contents, network);
    reader.checkShapes(Set.of(Model.BIAS, Model.HEAD), true);
    Weights weights = new Weights(initial.parameters().clone(), initial.moments().clone());
    reader.copyBody(weights);
    int[] rows = headRows(contents, network, classes);
    if (rows.length > 0) {
      reader.copyHead(weights, rows);
    }
    WeightCheck.check(contents.source(), network, weights);
    return new Pretrained(
        weights, Remarks.preprocessing(contents).orElse(Preprocessing.imageNet()), rows.length > 0);
  }

  /**
   * Which row of the head in the file belongs to each class; empty if it is a head of other
   * classes, of unknown ones, or one that is nothing without its bias.
   */
  static int[] headRows(TensorFile contents, Network network, List<String> classes) {
    List<String> names = Remarks.classes(contents).orElse(List.of());
    StoredTensor head = contents.tensors().get(network.head().name());
    if (head == null
        || head.shape().isEmpty()
        || contents.tensors().containsKey(Model.BIAS)
        || contents.tensors().containsKey(Model.HEAD)) {
      return new int[0];
    }
    if (!names.isEmpty() && head.shape().getFirst() != names.size()) {
      throw Remarks.broken(
          contents,
          "it names " + names.size() + " classes, but its head has shape " + head.shape());
    }
    if (names.size() != classes.size() || !new HashSet<>(names).equals(new HashSet<>(classes))) {
      return new int[0];
    }
    Map<String, Integer> positions = new HashMap<>();
    names.forEach(name -> positions.put(name, positions.size()));
    return classes.stream().map(positions::get).mapToInt(Objects::requireNonNull).toArray();
  }

  /** Takes tensors into the layouts of a network. */
  private record Reader(TensorFile contents, Network network) {
    /** Faults that are told; the others are counted. */
    private static final int SHOWN = 5;

    void checkShapes(Set<String> others, boolean anyHead) {
      Set<String> unused = new TreeSet<>(contents.tensors().keySet());
      unused.removeAll(others);
      List<String> faults = new ArrayList<>();
      for (Parameters layout : List.of(network.parameters(), network.moments())) {
        for (Parameter parameter : layout.all()) {
          unused.remove(parameter.name());
          fault(parameter, anyHead && parameter.role() == Role.HEAD).ifPresent(faults::add);
        }
      }
      unused.forEach(name -> faults.add("'" + name + "' is unknown to the model"));
      if (!faults.isEmpty()) {
        throw new AccreteException(
            contents.source()
                + " does not fit "
                + network.model()
                + " with "
                + network.classes()
                + " classes; it was written for model "
                + contents.metadata().getOrDefault(Remarks.MODEL, "unknown")
                + ", choose that one: "
                + String.join("; ", faults.subList(0, Math.min(SHOWN, faults.size())))
                + (faults.size() > SHOWN ? "; and " + (faults.size() - SHOWN) + " more" : ""));
      }
    }

    /** What is wrong with the tensor of a parameter; of a head for any classes, only its rows. */
    private Optional<String> fault(Parameter parameter, boolean anyRows) {
      StoredTensor tensor = contents.tensors().get(parameter.name());
      if (tensor == null) {
        return anyRows ? Optional.empty() : Optional.of("'" + parameter.name() + "' is missing");
      }
      List<Integer> shape = boxed(parameter.shape().toArray());
      boolean fits =
          anyRows
              ? tensor.shape().size() == shape.size()
                  && tensor.shape().getLast().equals(shape.getLast())
              : tensor.shape().equals(shape);
      return fits
          ? Optional.empty()
          : Optional.of(
              "'" + parameter.name() + "' has shape " + tensor.shape() + ", not " + shape);
    }

    void copyBody(Weights weights) {
      for (Parameter parameter : network.parameters().all()) {
        if (parameter.role() != Role.HEAD) {
          copy(parameter, weights.parameters());
        }
      }
      network.moments().all().forEach(moment -> copy(moment, weights.moments()));
    }

    void copyHead(Weights weights, int[] rows) {
      Parameter head = network.head();
      float[] values = contents.tensor(head.name()).floats();
      int length = network.featureSize();
      for (int k = 0; k < rows.length; k++) {
        System.arraycopy(
            values, rows[k] * length, weights.parameters(), head.offset() + k * length, length);
      }
    }

    private void copy(Parameter parameter, float[] flat) {
      float[] values = contents.tensor(parameter.name()).floats();
      System.arraycopy(values, 0, flat, parameter.offset(), values.length);
    }

    private static List<Integer> boxed(int[] extents) {
      return Arrays.stream(extents).boxed().toList();
    }
  }
}
