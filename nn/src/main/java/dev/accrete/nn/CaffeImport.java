package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.nn.io.CaffeModel;
import dev.accrete.nn.io.CaffeModel.Blob;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the weights of a network from a Caffe model with the same layer names.
 *
 * <p>Normalizations follow the naming of github.com/shicai/MobileNet-Caffe: layer {@code
 * conv2_1/dw} has its moments in {@code conv2_1/dw/bn} (mean, variance, and a factor both are
 * divided by) and its scale and shift in {@code conv2_1/dw/scale}. The head keeps its initial
 * weights: Caffe's has a bias, and is for the classes of ImageNet.
 */
public final class CaffeImport {
  /** The order of the channels that the model was trained on. */
  public enum ChannelOrder {
    /**
     * Blue first, as OpenCV reads images, and so most Caffe models: the first layer is reversed.
     */
    BGR,
    /** Red first, as here. */
    RGB
  }

  private final Network network;
  private final CaffeModel model;
  private final ChannelOrder order;
  private final Weights weights;

  private CaffeImport(Network network, CaffeModel model, ChannelOrder order, Weights initial) {
    this.network = network;
    this.model = model;
    this.order = order;
    this.weights = new Weights(initial.parameters().clone(), initial.moments().clone());
  }

  /**
   * The weights of {@code network}; use them with {@link Preprocessing#caffeMobileNet()} if the
   * model is shicai's.
   *
   * @param initial gives the head
   * @throws AccreteException if a layer lacks blobs or one has another shape, naming it, or a
   *     number that no training leaves behind
   */
  public static Weights weights(
      Network network, CaffeModel model, ChannelOrder order, Weights initial) {
    return new CaffeImport(network, model, order, initial).run();
  }

  private Weights run() {
    for (Parameter parameter : network.parameters().all()) {
      String layer = parameter.name().substring(0, parameter.name().lastIndexOf('.'));
      switch (parameter.role()) {
        case CONVOLUTION, DEPTHWISE, LINEAR -> weight(parameter, layer);
        case BIAS -> copy(parameter, weights.parameters(), layer, 1, 1);
        case NORM_SCALE -> copy(parameter, weights.parameters(), layer + "/scale", 0, 2);
        case NORM_SHIFT -> copy(parameter, weights.parameters(), layer + "/scale", 1, 2);
        case HEAD -> {} // keeps its initial weights, as documented
        case MOVING_MEAN, MOVING_VARIANCE -> throw new IllegalStateException(parameter.name());
      }
    }
    for (Parameter moment : network.moments().all()) {
      moment(moment, moment.name().substring(0, moment.name().lastIndexOf('.')));
    }
    WeightCheck.check(model.source(), network, weights);
    return weights;
  }

  private void weight(Parameter parameter, String layer) {
    copy(parameter, weights.parameters(), layer, 0, 1);
    if (order == ChannelOrder.BGR && parameter.equals(network.firstConvolution())) {
      reverseChannels(parameter);
    }
  }

  /** Turns a weight [K, C, R, S] that reads channels in one order into one for the other order. */
  private void reverseChannels(Parameter parameter) {
    float[] flat = weights.parameters();
    int channels = parameter.shape().dim(1);
    int plane = parameter.shape().dim(2) * parameter.shape().dim(3);
    float[] old =
        Arrays.copyOfRange(flat, parameter.offset(), parameter.offset() + parameter.size());
    for (int k = 0; k < parameter.shape().dim(0); k++) {
      for (int c = 0; c < channels; c++) {
        int from = (k * channels + channels - 1 - c) * plane;
        int to = parameter.offset() + (k * channels + c) * plane;
        System.arraycopy(old, from, flat, to, plane);
      }
    }
  }

  private void moment(Parameter moment, String layer) {
    int blob = moment.role() == Role.MOVING_MEAN ? 0 : 1;
    copy(moment, weights.moments(), layer + "/bn", blob, 3);
    Blob factor = model.blobs(layer + "/bn", 3).get(2);
    if (factor.values().length != 1) {
      throw new AccreteException(
          model.source()
              + ": layer '"
              + layer
              + "/bn' has a factor of extents "
              + factor.shape()
              + ", expected one number");
    }
    // As in Caffe's BatchNormLayer: a factor of 0 means that nothing was accumulated.
    float scale = factor.values()[0] == 0 ? 0 : 1 / factor.values()[0];
    float[] flat = weights.moments();
    for (int i = moment.offset(); i < moment.offset() + moment.size(); i++) {
      flat[i] *= scale;
    }
    List<Blob> convolution = model.blobs(layer, 1);
    if (blob == 0 && convolution.size() > 1) {
      foldBias(moment, layer, convolution.get(1));
    }
  }

  /** A convolution's bias before a normalization shifts its mean: ((x + b) - m) = x - (m - b). */
  private void foldBias(Parameter mean, String layer, Blob bias) {
    if (bias.values().length != mean.size()) {
      throw new AccreteException(
          model.source()
              + ": the bias of layer '"
              + layer
              + "' has extents "
              + bias.shape()
              + ", expected "
              + mean.shape());
    }
    for (int i = 0; i < mean.size(); i++) {
      weights.moments()[mean.offset() + i] -= bias.values()[i];
    }
  }

  private void copy(Parameter parameter, float[] flat, String layer, int index, int needed) {
    Blob blob = model.blobs(layer, Math.max(needed, index + 1)).get(index);
    List<Long> expected =
        Arrays.stream(parameter.shape().toArray())
            .filter(d -> d != 1)
            .asLongStream()
            .boxed()
            .toList();
    if (!blob.squeezed().equals(expected)) {
      throw new AccreteException(
          model.source()
              + ": blob "
              + index
              + " of layer '"
              + layer
              + "' has extents "
              + blob.shape()
              + ", but '"
              + parameter.name()
              + "' of "
              + network.model()
              + " has shape "
              + parameter.shape()
              + "; is the model of another width?");
    }
    System.arraycopy(blob.values(), 0, flat, parameter.offset(), parameter.size());
  }
}
