package dev.accrete.nn;

import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.nn.layer.Declarations;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Scope;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network cut in two. What leaves the lower part for an image is its latent: once the lower part
 * is frozen, the upper part can be trained on latents computed once, or kept from earlier
 * (Pellegrini et al., "Latent Replay for Real-Time Continual Learning", IROS 2020).
 */
public final class Cut {
  private final Network network;
  private final List<Layer> lower;
  private final List<Layer> upper;
  private final Shape latent;
  private final Set<String> lowerParameters;

  /** Puts the first {@code layers} layers of the body into the lower part. */
  Cut(Network network, int layers) {
    this.network = network;
    lower = network.body().subList(0, layers);
    upper = network.body().subList(layers, network.body().size());
    Declarations declared = new Declarations();
    Shape shape = network.input();
    for (Layer layer : lower) {
      shape = layer.declare(declared, shape);
    }
    latent = shape;
    lowerParameters =
        declared.parameterLayout().all().stream()
            .map(Parameter::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The whole network. */
  public Network network() {
    return network;
  }

  /** The shape of one latent: C x H x W or features. */
  public Shape latent() {
    return latent;
  }

  /** Whether a parameter of the network belongs to the upper part, the head included. */
  public boolean isAbove(Parameter parameter) {
    return !lowerParameters.contains(parameter.name());
  }

  /** Appends the lower part: normalized images f32 [N, C, H, W] to latents. */
  Value lower(Scope scope, Value images) {
    Value value = images;
    for (Layer layer : lower) {
      value = layer.forward(scope, value);
    }
    return value;
  }

  /** Appends the upper part, on N latents. */
  Network.Forward upper(Scope scope, Value latents) {
    Value features = latents;
    for (Layer layer : upper) {
      features = layer.forward(scope, features);
    }
    return new Network.Forward(features, network.logits(scope, features));
  }
}
