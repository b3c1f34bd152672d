package dev.accrete.nn;

import dev.accrete.core.Shape;
import dev.accrete.nn.layer.Flatten;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Linear;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.List;

/** Fully connected layers on all pixels, a ReLU after each. */
public final class Mlp {
  private Mlp() {}

  /**
   * The network.
   *
   * @param image the shape of one image: C x H x W
   * @param hidden the units of each hidden layer
   * @throws IllegalArgumentException if an extent is below 1
   */
  public static Network of(int classes, Shape image, int... hidden) {
    List<Layer> body = new ArrayList<>();
    body.add(new Flatten("flatten"));
    StringBuilder model = new StringBuilder("mlp");
    for (int i = 0; i < hidden.length; i++) {
      body.add(Sequence.biased(Linear.of("fc" + (i + 1), hidden[i])));
      model.append('-').append(hidden[i]);
    }
    return Network.of(model.toString(), image, body, "head", classes);
  }
}
