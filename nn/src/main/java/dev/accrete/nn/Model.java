package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that turns an image into the names of what is on it: architecture, weights, moments,
 * class names, preprocessing, and where all that comes from. Immutable; it needs no strategy, no
 * data and no run to predict.
 *
 * <p>A model knows the classes that were learned and no others: its head has one row for each name
 * (see {@link Weights#withHeadRows}), and probabilities are shared out among these. The score of a
 * class is {@code (features . row + bias) / temperature}; without a bias and with temperature 1
 * that is the network's logit. Features are what the network's head reads, or moments of several of
 * its layers, which then have a head of their own; see {@link #withMoments}.
 *
 * <p>As a file it is safetensors with metadata, so that other programs can read its tensors, and
 * {@link WeightFile#open} can begin with it. Equal models give equal bytes.
 */
public final class Model {
  /** The name of the tensor that holds the bias, if there is one. */
  static final String BIAS = "accrete.bias";

  private static final float[] NONE = {};
  private static final String FORMAT = "format";

  /**
   * The form of the file. It also stands for what pixels are: planar RGB bytes of the image's
   * central square, averaged over areas when shrunk and interpolated when enlarged.
   */
  private static final String FORMAT_1 = "accrete-model-1";

  /** The same with features other than those of the network's head. */
  private static final String FORMAT_2 = "accrete-model-2";

  /** The name of the tensor that holds the head on moments, if there is one. */
  static final String HEAD = "accrete.head";

  private static final String FEATURES = "features";
  private static final String MIRRORED = "mirrored";

  private static final String ARCHITECTURE = "architecture";
  private static final String IMAGE_SIZE = "imageSize";
  private static final String TEMPERATURE = "temperature";
  private static final String PROVENANCE = "provenance.";

  private final String architecture;
  private final Network network;
  private final List<String> classes;
  private final Weights weights;
  private final Preprocessing preprocessing;
  private final Optional<float[]> bias;
  private final float temperature;
  private final Optional<MomentHead> momentHead;
  private final SortedMap<String, String> provenance;

  private Model(
      String architecture,
      Network network,
      List<String> classes,
      Weights weights,
      Preprocessing preprocessing,
      Optional<float[]> bias,
      float temperature,
      Optional<MomentHead> momentHead,
      Map<String, String> provenance) {
    this.architecture = architecture;
    this.network = network;
    this.classes = List.copyOf(classes);
    this.weights = weights;
    this.preprocessing = preprocessing;
    this.bias = bias;
    this.temperature = temperature;
    this.momentHead = momentHead;
    this.provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
    check();
  }

  /**
   * A model without bias, of temperature 1 and unknown provenance.
   *
   * @param architecture as {@link ModelSpec} reads it, for example {@code mobilenet-v1:0.5}
   * @param imageSize height and width of its images in pixels
   * @param classes a name for each row of the head, in order
   * @param weights in the layout of that architecture with as many classes
   * @throws IllegalArgumentException if names are blank or stand there twice, or lengths differ
   * @throws AccreteException if there is no such architecture
   * @throws NumericalException if a weight is not finite or absurdly large
   */
  public static Model of(
      String architecture,
      int imageSize,
      List<String> classes,
      Weights weights,
      Preprocessing preprocessing) {
    Remarks.checkNames(classes);
    Weights own = new Weights(weights.parameters().clone(), weights.moments().clone());
    return new Model(
        architecture,
        ModelSpec.parse(architecture, imageSize, classes.size()),
        classes,
        own,
        preprocessing,
        Optional.empty(),
        1,
        Optional.empty(),
        Map.of());
  }

  /**
   * This model with a number for each class that is added to its score, as linear discriminants
   * have it.
   *
   * @throws IllegalArgumentException if they are not as many as classes, or one is not finite
   */
  public Model withBias(float... perClass) {
    return new Model(
        architecture,
        network,
        classes,
        weights,
        preprocessing,
        Optional.of(perClass.clone()),
        temperature,
        momentHead,
        provenance);
  }

  /**
   * This model with scores divided by {@code divisor} before the softmax: above 1 it is less sure.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public Model withTemperature(float divisor) {
    return new Model(
        architecture,
        network,
        classes,
        weights,
        preprocessing,
        bias,
        divisor,
        momentHead,
        provenance);
  }

  /**
   * This model with remarks on where it comes from: strategy, settings, experiences learned, data,
   * version. Leave times and paths out, and equal models have equal files.
   */
  public Model withProvenance(Map<String, String> remarks) {
    return new Model(
        architecture,
        network,
        classes,
        weights,
        preprocessing,
        bias,
        temperature,
        momentHead,
        remarks);
  }

  /**
   * This model with features that are moments of several layers; the network's own head then counts
   * for nothing.
   *
   * @param mirrored whether they are averaged over an image and its mirror image
   * @param head [classes, numbers of the moments], row by row
   * @throws IllegalArgumentException if the layers are not the network's, or the head is of another
   *     size or not finite
   */
  public Model withMoments(LayerMoments moments, boolean mirrored, float... head) {
    return new Model(
        architecture,
        network,
        classes,
        weights,
        preprocessing,
        bias,
        temperature,
        Optional.of(new MomentHead(moments, mirrored, head.clone())),
        provenance);
  }

  private void check() {
    Remarks.checkNames(classes);
    int parameters = network.parameters().size();
    int moments = network.moments().size();
    if (weights.parameters().length != parameters || weights.moments().length != moments) {
      throw new IllegalArgumentException(
          network.name()
              + " with "
              + classes.size()
              + " classes has "
              + parameters
              + " parameters and "
              + moments
              + " moments, got "
              + weights.parameters().length
              + " and "
              + weights.moments().length);
    }
    if (preprocessing.channels() != network.channels()) {
      throw new IllegalArgumentException(
          network.name()
              + " reads "
              + network.channels()
              + " channels, preprocessing is for "
              + preprocessing.channels());
    }
    bias.ifPresent(this::checkBias);
    momentHead.ifPresent(head -> head.check(network));
    if (!(temperature > 0 && temperature <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("temperature must be above 0, got " + temperature);
    }
    WeightCheck.checkTrained("model " + network.name(), network, weights);
  }

  private void checkBias(float[] values) {
    if (values.length != classes.size()) {
      throw new IllegalArgumentException(
          "a bias needs a number for each of " + classes.size() + " classes, got " + values.length);
    }
    for (int k = 0; k < values.length; k++) {
      if (!Float.isFinite(values[k])) {
        throw new IllegalArgumentException(
            "the bias of class '" + classes.get(k) + "' is " + values[k]);
      }
    }
  }

  /** The architecture as {@link ModelSpec} reads it. */
  public String architecture() {
    return architecture;
  }

  /** The architecture; its head has one row for each class. */
  public Network network() {
    return network;
  }

  /** The names of the classes, in the order of the head's rows. */
  public List<String> classes() {
    return classes;
  }

  /** A copy of the weights. */
  public Weights weights() {
    return new Weights(weights.parameters().clone(), weights.moments().clone());
  }

  /** How image bytes become floats. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** A copy of what is added to each class's score, if anything is. */
  public Optional<float[]> bias() {
    return bias.map(float[]::clone);
  }

  /** What scores are divided by before the softmax. */
  public float temperature() {
    return temperature;
  }

  /** The layers whose moments are the features; empty if the network's head reads its own. */
  public Optional<LayerMoments> moments() {
    return momentHead.map(MomentHead::moments);
  }

  /** Whether features are averaged over an image and its mirror image. */
  public boolean isMirrored() {
    return momentHead.map(MomentHead::mirrored).orElse(false);
  }

  /** Where this comes from: remarks by name. */
  public SortedMap<String, String> provenance() {
    return provenance;
  }

  /**
   * Writes one file, atomically.
   *
   * @throws AccreteException if it cannot be written; an old file of that name is then untouched
   */
  public void save(Path file) {
    Safetensors.write(file, contents());
  }

  /** SHA-256 of the file that {@link #save} writes, in lower-case hexadecimal. */
  public String digest() {
    return Safetensors.sha256(contents());
  }

  /** All but the numbers, as files tell it. */
  SortedMap<String, String> remarks() {
    SortedMap<String, String> remarks = new TreeMap<>(Remarks.of(classes, preprocessing));
    remarks.put(ARCHITECTURE, architecture);
    remarks.put(IMAGE_SIZE, Integer.toString(network.height()));
    remarks.put(TEMPERATURE, Float.toString(temperature));
    provenance.forEach((name, remark) -> remarks.put(PROVENANCE + name, remark));
    momentHead.ifPresent(
        head -> {
          remarks.put(FEATURES, head.moments().toString());
          remarks.put(MIRRORED, Boolean.toString(head.mirrored()));
        });
    return remarks;
  }

  private TensorFile contents() {
    Map<String, String> remarks = remarks();
    remarks.put(FORMAT, momentHead.isPresent() ? FORMAT_2 : FORMAT_1);
    TensorFile file = WeightFile.contents(network, weights, StoredType.F32, remarks);
    Map<String, StoredTensor> tensors = new TreeMap<>(file.tensors());
    bias.ifPresent(values -> tensors.put(BIAS, StoredTensor.of(values)));
    momentHead.ifPresent(
        head -> {
          int size = head.weights().length / classes.size();
          tensors.put(HEAD, StoredTensor.of(StoredType.F32, head.weights(), classes.size(), size));
        });
    return Remarks.sealed(TensorFile.of(tensors, file.metadata()));
  }

  /**
   * Reads a file that {@link #save} wrote.
   *
   * @throws AccreteException if it cannot be read, is not a model or not a sound one, saying why
   */
  public static Model load(Path file) {
    if (WeightKind.of(file) != WeightKind.SAFETENSORS) {
      throw notModel(file.toString(), "it is a Caffe model");
    }
    TensorFile contents = Safetensors.read(file);
    try {
      return decode(contents);
    } catch (IllegalArgumentException e) {
      throw Remarks.broken(contents, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads a file and makes it ready to predict.
   *
   * @throws AccreteException as {@link #load(Path)} does, or if there is not enough memory
   */
  public static Predictor load(Path file, Backend backend) {
    return load(file).open(backend);
  }

  private static Model decode(TensorFile contents) {
    String format = contents.metadata().getOrDefault(FORMAT, "");
    if (!isModel(contents)) {
      throw notModel(contents.source(), "it holds weights alone");
    }
    if (!format.equals(FORMAT_1) && !format.equals(FORMAT_2)) {
      throw new AccreteException(
          contents.source()
              + " is a model of form "
              + format
              + ", this version reads "
              + FORMAT_1
              + " and "
              + FORMAT_2
              + "; use the version that wrote it");
    }
    Remarks.checkSeal(contents);
    List<String> classes =
        Remarks.classes(contents)
            .orElseThrow(() -> Remarks.broken(contents, "it names no classes"));
    Preprocessing preprocessing =
        Remarks.preprocessing(contents)
            .orElseThrow(() -> Remarks.broken(contents, "it tells no preprocessing"));
    Network network = network(contents, classes.size());
    return new Model(
        remark(contents, ARCHITECTURE),
        network,
        classes,
        WeightFile.exact(
            contents, network, format.equals(FORMAT_2) ? Set.of(BIAS, HEAD) : Set.of(BIAS)),
        preprocessing,
        Optional.ofNullable(contents.tensors().get(BIAS)).map(StoredTensor::floats),
        Float.parseFloat(remark(contents, TEMPERATURE)),
        format.equals(FORMAT_2) ? Optional.of(momentHead(contents)) : Optional.empty(),
        provenance(contents));
  }

  private static MomentHead momentHead(TensorFile contents) {
    String mirrored = remark(contents, MIRRORED);
    if (!mirrored.equals("true") && !mirrored.equals("false")) {
      throw Remarks.broken(contents, "'" + MIRRORED + "' is '" + mirrored + "', not true or false");
    }
    return new MomentHead(
        LayerMoments.parse(remark(contents, FEATURES)),
        Boolean.parseBoolean(mirrored),
        contents.tensor(HEAD).floats());
  }

  /** Whether a file says that it is a model, of whatever form. */
  static boolean isModel(TensorFile contents) {
    return contents.metadata().getOrDefault(FORMAT, "").startsWith("accrete-model-");
  }

  private static Network network(TensorFile contents, int classes) {
    int imageSize = Integer.parseInt(remark(contents, IMAGE_SIZE));
    try {
      return ModelSpec.parse(remark(contents, ARCHITECTURE), imageSize, classes);
    } catch (AccreteException e) {
      throw new AccreteException(contents.source() + ": " + e.getMessage(), e);
    }
  }

  private static String remark(TensorFile contents, String name) {
    String value = contents.metadata().get(name);
    if (value == null) {
      throw Remarks.broken(contents, "it lacks '" + name + "'");
    }
    return value;
  }

  private static SortedMap<String, String> provenance(TensorFile contents) {
    SortedMap<String, String> provenance = new TreeMap<>();
    contents
        .metadata()
        .forEach(
            (name, remark) -> {
              if (name.startsWith(PROVENANCE)) {
                provenance.put(name.substring(PROVENANCE.length()), remark);
              }
            });
    return provenance;
  }

  private static AccreteException notModel(String source, String what) {
    return new AccreteException(
        source
            + " is not a model: "
            + what
            + ", without class names and preprocessing. Export a model from a run or a learner");
  }

  /**
   * Makes this ready to predict, up to 32 images at a time.
   *
   * @throws AccreteException if there is not enough memory
   */
  public Predictor open(Backend backend) {
    return open(backend, Predictor.MINI_BATCH);
  }

  /**
   * Makes this ready to predict.
   *
   * @param miniBatch the most images that the network sees at once
   * @throws IllegalArgumentException if that is below 1
   * @throws AccreteException if there is not enough memory
   */
  public Predictor open(Backend backend, int miniBatch) {
    return Predictor.filledUp(this, backend, miniBatch);
  }

  /**
   * Makes this ready to predict for callers who cannot know how many images come together: compiled
   * for 1, 2, 4 and so on up to {@code most} images, so that 5 run as 4 and 1 and none is computed
   * in vain. Takes the memory of all these, beyond the weights, which they share.
   *
   * @param most the most images that the network sees at once; a power of two, or the next below it
   *     counts
   * @throws IllegalArgumentException if that is below 1
   * @throws AccreteException if there is not enough memory
   */
  public Predictor openInPortions(Backend backend, int most) {
    return Predictor.inPortions(this, backend, most);
  }

  /** The weights themselves. */
  Weights ownWeights() {
    return weights;
  }

  /** The head on moments of layers, if there is one. */
  Optional<MomentHead> momentHead() {
    return momentHead;
  }

  /** What is added to scores; empty if nothing is. */
  float[] ownBias() {
    return bias.orElse(NONE);
  }

  @Override
  public String toString() {
    return network.name() + " of " + classes.size() + " classes";
  }
}
