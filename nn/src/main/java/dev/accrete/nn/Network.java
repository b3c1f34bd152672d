package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.nn.layer.Declarations;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Linear;
import dev.accrete.nn.layer.Scope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An architecture: a row of layers that ends in flat features, and a linear head without bias on
 * them. Immutable; it holds no weights.
 */
public final class Network {
  private final String model;
  private final String name;
  private final Shape input;
  private final List<Layer> body;
  private final Linear head;
  private final int featureSize;
  private final Parameters parameters;
  private final Parameters moments;
  private final Map<String, String> sources;

  private Network(String model, Shape input, List<Layer> body, Linear head) {
    this.model = model;
    this.name = model + "-" + input.dim(1);
    this.input = input;
    this.body = List.copyOf(body);
    this.head = head;
    Declarations declarations = new Declarations();
    Shape features = input;
    for (Layer layer : this.body) {
      features = layer.declare(declarations, features);
    }
    head.declare(declarations, features);
    this.featureSize = features.dim(0);
    this.parameters = declarations.parameterLayout();
    this.moments = declarations.momentLayout();
    this.sources = declarations.sources();
  }

  /**
   * A network.
   *
   * @param model the architecture, for example {@code mobilenet-v1-0.5}; weight files fit all
   *     networks of one model, whatever the size of their images
   * @param input the shape of one image: C x H x W
   * @param body layers that turn one image into flat features; a shape of rank 1
   * @param head the name of the linear layer that turns features into logits
   * @throws IllegalArgumentException if the layers do not fit together
   */
  public static Network of(String model, Shape input, List<Layer> body, String head, int classes) {
    if (input.rank() != 3) {
      throw new IllegalArgumentException(
          model + ": an image has shape channels x height x width, got " + input);
    }
    return new Network(model, input, body, Linear.head(head, classes));
  }

  /** The architecture without the size of its images, for example {@code mobilenet-v1-0.5}. */
  public String model() {
    return model;
  }

  /** The name, which tells model and image size, for example {@code mobilenet-v1-0.5-64}. */
  public String name() {
    return name;
  }

  /** The channels of an image. */
  public int channels() {
    return input.dim(0);
  }

  /** The height of an image in pixels. */
  public int height() {
    return input.dim(1);
  }

  /** The width of an image in pixels. */
  public int width() {
    return input.dim(2);
  }

  /** How many classes the head tells apart. */
  public int classes() {
    return head.outputs();
  }

  /** How many features the head reads. */
  public int featureSize() {
    return featureSize;
  }

  /** The layout of the trained parameters. */
  public Parameters parameters() {
    return parameters;
  }

  /** The layout of the moving moments of the normalizations. */
  public Parameters moments() {
    return moments;
  }

  /** The weight of the head, of shape classes x features. */
  public Parameter head() {
    return parameters.get(head.name() + ".weight");
  }

  /**
   * The weight of the convolution next to the image.
   *
   * @throws IllegalArgumentException if the network has no convolution
   */
  public Parameter firstConvolution() {
    return parameters.all().stream()
        .filter(p -> p.role() == Role.CONVOLUTION || p.role() == Role.DEPTHWISE)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " has no convolution"));
  }

  /** The weight whose outputs a weight reads, or {@link Declarations#IMAGE}. */
  String source(Parameter weight) {
    return Objects.requireNonNull(sources.get(weight.name()), weight.name());
  }

  /** The names of the layers from the image to the head. */
  public List<String> layerNames() {
    return Stream.concat(body.stream(), Stream.of(head)).map(Layer::name).toList();
  }

  /**
   * The network cut after a layer.
   *
   * @param layer a name of {@link #layerNames()} other than the head's
   * @throws IllegalArgumentException if there is no such layer below the head
   */
  public Cut cutAfter(String layer) {
    List<String> names = body.stream().map(Layer::name).toList();
    int index = names.indexOf(layer);
    if (index < 0) {
      throw new IllegalArgumentException(
          name
              + " has no layer '"
              + layer
              + "' below its head; it has "
              + String.join(", ", names));
    }
    return new Cut(this, index + 1);
  }

  /** The network cut between the features and the head. */
  public Cut cutBelowHead() {
    return new Cut(this, body.size());
  }

  /** The layers below the head. */
  List<Layer> body() {
    return body;
  }

  /** The shape of one image: C x H x W. */
  Shape input() {
    return input;
  }

  /** New weights, in the layout of {@link #parameters()}; see {@link Initializers}. */
  public float[] initialWeights(long seed) {
    return Initializers.weights(parameters, seed);
  }

  /** Moments of mean 0 and variance 1, in the layout of {@link #moments()}. */
  public float[] initialMoments() {
    return Initializers.moments(moments);
  }

  /** The variables a learner keeps for this network. */
  public Variables variables() {
    return new Variables(this, Optional.empty());
  }

  /** Appends the network without dropout; images are normalized, f32 [N, C, H, W]. */
  public Forward forward(Graph.Builder graph, Value images, Norms norms, Variables variables) {
    return forward(Scope.of(graph, norms, variables), images);
  }

  /** Appends the network; images are normalized, f32 [N, C, H, W]. */
  public Forward forward(Scope scope, Value images) {
    return new Cut(this, 0).upper(scope, images);
  }

  Value logits(Scope scope, Value features) {
    return head.forward(scope, features);
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * The results of a network.
   *
   * @param features what the head reads, [N, featureSize]
   * @param logits [N, classes]
   */
  public record Forward(Value features, Value logits) {}
}
