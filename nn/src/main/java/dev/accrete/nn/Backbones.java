package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The pre-trained backbones on the class path, under {@code /dev/accrete/nn/backbones}. */
public final class Backbones {
  private static final String FOLDER = "/dev/accrete/nn/backbones/";

  private Backbones() {}

  /**
   * The backbone for this network's model, if one is shipped.
   *
   * @throws AccreteException if there is one but it is damaged
   */
  public static Optional<Backbone> find(Network network) {
    String name = network.model();
    String weights = FOLDER + name + ".safetensors";
    return resource(weights)
        .map(
            bytes ->
                new Backbone(
                    Safetensors.decode("resource " + weights, bytes),
                    resource(FOLDER + name + ".md")
                        .map(card -> new String(card, StandardCharsets.UTF_8))
                        .orElse("")));
  }

  private static Optional<byte[]> resource(String name) {
    try (InputStream in = Backbones.class.getResourceAsStream(name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new AccreteException("cannot read resource " + name + "; build or fetch it again", e);
    }
  }
}
