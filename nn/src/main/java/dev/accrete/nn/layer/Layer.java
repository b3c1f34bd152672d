package dev.accrete.nn.layer;

import dev.accrete.core.Shape;
import dev.accrete.core.Value;

/**
 * A piece of a network: an immutable description that first declares its parameters and later
 * appends its ops to any number of graphs (training, inference, one per mini-batch size). Gradients
 * follow from the ops, so a layer has no backward part.
 *
 * <p>A new layer is a record of its own: see {@link Activation} for one without parameters and
 * {@link Linear} for one with.
 */
public interface Layer {
  /** The name under which parameters, reports and weight files know this layer. */
  String name();

  /**
   * Declares the parameters of this layer.
   *
   * @param input the shape of one sample, without the mini-batch: C x H x W or features
   * @return the shape of one sample of the result
   * @throws IllegalArgumentException if the layer cannot follow a sample of this shape
   */
  Shape declare(Declarations declarations, Shape input);

  /**
   * Appends this layer to a graph.
   *
   * @param x the mini-batch: N samples of the shape {@link #declare} was given
   * @return N samples of the shape {@link #declare} returned
   */
  Value forward(Scope scope, Value x);
}
