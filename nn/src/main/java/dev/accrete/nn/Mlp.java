package dev.accrete.nn;

import dev.accrete.core.Shape;
import dev.accrete.nn.layer.Flatten;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Linear;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fully connected layers on all pixels, a ReLU after each. */
public final class Mlp {
  private static final int HIDDEN = 256;

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

  /** Builds it for users who write {@code mlp[:UNITS]}. */
  public static final class Provider implements ModelProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Provider() {}

    @Override
    public String name() {
      return "mlp";
    }

    @Override
    public String usage() {
      return "mlp[:UNITS]";
    }

    @Override
    public Network create(Optional<String> argument, int imageSize, int classes) {
      int units = ModelProvider.integer(argument, "the number of hidden units", HIDDEN);
      return of(classes, Shape.of(3, imageSize, imageSize), units);
    }
  }
}
