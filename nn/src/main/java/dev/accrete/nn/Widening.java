package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Rng;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.TensorFile;
import dev.accrete.nn.layer.Declarations;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The weights of a narrow network as those of a wider one of the same layers that computes the same
 * function (Net2WiderNet; Chen, Goodfellow and Shlens, "Net2Net: Accelerating Learning via
 * Knowledge Transfer", ICLR 2016).
 *
 * <p>Channel {@code c} of the wider network copies channel {@code c mod n} of the n of the narrow
 * one; whoever reads channels that are copies of each other shares out the old weight among them.
 * The shares are random and differ between readers, so that copies get different gradients and
 * drift apart.
 */
public final class Widening {
  private final TensorFile narrow;
  private final Network wide;
  private final int[] headRows;
  private final long seed;
  private final Weights result;

  /** How many channels the weights of the narrow network write, and an image has. */
  private final Map<String, Integer> widths = new HashMap<>();

  private Widening(TensorFile narrow, Network wide, List<String> classes, long seed) {
    this.narrow = narrow;
    this.wide = wide;
    headRows = WeightFile.headRows(narrow, wide, classes);
    this.seed = seed;
    result = Weights.initial(wide, seed);
    widths.put(Declarations.IMAGE, wide.channels());
  }

  /**
   * Weights for {@code wide}.
   *
   * @param narrow weights of a network of the same layers, at most as wide as {@code wide}; with
   *     equal widths they are returned as they are
   * @param classes the names of the wide network's classes, in order; empty if they are not known.
   *     The head is widened if the file names the same ones; otherwise it stays as initialized
   * @param seed of the shares, and of the head if it is new
   * @throws AccreteException if a tensor is missing, its shape is not that of a narrower layer, or
   *     it has a number that no training leaves behind
   */
  public static Weights of(TensorFile narrow, Network wide, List<String> classes, long seed) {
    return new Widening(narrow, wide, classes, seed).widen();
  }

  private Weights widen() {
    int stream = 0;
    for (Parameter parameter : wide.parameters().all()) {
      Rng shares = Rng.of(seed, stream++);
      switch (parameter.role()) {
        case CONVOLUTION, LINEAR -> mix(parameter, shares);
        case HEAD -> head(parameter, shares);
        case DEPTHWISE, BIAS, NORM_SCALE, NORM_SHIFT -> copy(parameter, result.parameters());
        case MOVING_MEAN, MOVING_VARIANCE ->
            throw new IllegalStateException(parameter.name() + " is a moment, not a weight");
      }
    }
    wide.moments().all().forEach(moment -> copy(moment, result.moments()));
    WeightCheck.check(narrow.source(), wide, result);
    return result;
  }

  /** Row c of a tensor with one row per channel is row {@code c mod n}. */
  private void copy(Parameter parameter, float[] flat) {
    StoredTensor tensor = tensor(parameter);
    int rows = parameter.shape().dim(0);
    int length = parameter.size() / rows;
    int old = tensor.shape().getFirst();
    float[] values = tensor.floats();
    if (old > rows || old * length != values.length) {
      throw misfit(parameter, tensor.shape());
    }
    for (int row = 0; row < rows; row++) {
      int from = row % old * length;
      System.arraycopy(values, from, flat, parameter.offset() + row * length, length);
    }
  }

  private void head(Parameter parameter, Rng shares) {
    if (headRows.length > 0) {
      mix(parameter, shares);
      reorder(parameter);
    }
  }

  /** Puts the rows of the file's head into the order of the classes asked for. */
  private void reorder(Parameter head) {
    int length = head.shape().dim(1);
    int from = head.offset();
    float[] rows = Arrays.copyOfRange(result.parameters(), from, from + head.size());
    for (int k = 0; k < headRows.length; k++) {
      System.arraycopy(rows, headRows[k] * length, result.parameters(), from + k * length, length);
    }
  }

  /** Widens a weight of shape outputs x inputs x taps. */
  private void mix(Parameter parameter, Rng rng) {
    StoredTensor tensor = tensor(parameter);
    int outputs = parameter.shape().dim(0);
    int inputs = parameter.shape().dim(1);
    int taps = parameter.size() / outputs / inputs;
    int oldOutputs = tensor.shape().get(0);
    int oldInputs = tensor.shape().get(1);
    float[] values = tensor.floats();
    int channels = Objects.requireNonNull(widths.get(wide.source(parameter)));
    boolean fits = oldOutputs <= outputs && oldInputs <= inputs && oldInputs == channels;
    if (!fits || oldOutputs * oldInputs * taps != values.length) {
      throw misfit(parameter, tensor.shape());
    }
    for (int o = 0; o < outputs; o++) {
      double[] share = shares(inputs, oldInputs, rng);
      for (int i = 0; i < inputs; i++) {
        int from = (o % oldOutputs * oldInputs + i % oldInputs) * taps;
        int to = parameter.offset() + (o * inputs + i) * taps;
        for (int tap = 0; tap < taps; tap++) {
          result.parameters()[to + tap] = (float) (share[i] * values[from + tap]);
        }
      }
    }
    widths.put(parameter.name(), oldOutputs);
  }

  /** Random shares of the inputs that copy the same old input; they sum to 1. */
  private static double[] shares(int inputs, int oldInputs, Rng rng) {
    double[] share = new double[inputs];
    double[] sums = new double[oldInputs];
    for (int i = 0; i < inputs; i++) {
      share[i] = 0.5 + rng.nextFloat();
      sums[i % oldInputs] += share[i];
    }
    for (int i = 0; i < inputs; i++) {
      share[i] /= sums[i % oldInputs];
    }
    return share;
  }

  private StoredTensor tensor(Parameter parameter) {
    StoredTensor tensor = narrow.tensor(parameter.name());
    if (tensor.shape().size() != parameter.shape().rank()) {
      throw misfit(parameter, tensor.shape());
    }
    return tensor;
  }

  private AccreteException misfit(Parameter parameter, List<Integer> found) {
    return new AccreteException(
        narrow.source()
            + ": tensor '"
            + parameter.name()
            + "' of shape "
            + found
            + " cannot be widened to "
            + parameter.shape()
            + " of "
            + wide.model()
            + "; start from weights of the same architecture, at most as wide");
  }
}
