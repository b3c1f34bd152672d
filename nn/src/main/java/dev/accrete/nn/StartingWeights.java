package dev.accrete.nn;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a network starts from, as people name it: {@value #AUTO}, {@value #NONE}, or else a file.
 *
 * @param name as it is given and kept in configurations
 */
public record StartingWeights(String name) {
  /** The embedded backbone for the model, or random weights if there is none. */
  public static final String AUTO = "auto";

  /** Random weights. */
  public static final String NONE = "none";

  /** All names that are no files. */
  public static final List<String> NAMES = List.of(AUTO, NONE);

  /**
   * Weights that were opened.
   *
   * @param start the weights, and what they want
   * @param origin where they come from, for people
   */
  public record Opened(Pretrained start, String origin) {}

  /** The file that is named, if it is one. */
  public Optional<Path> file() {
    return NAMES.contains(name) ? Optional.empty() : Optional.of(Path.of(name));
  }

  /**
   * Opens them.
   *
   * @param classes the names of the network's classes; empty if they are not known
   * @param seed draws what is random: the head, unless a file's is of just these classes; all if
   *     nothing is
   * @throws dev.accrete.core.AccreteException if a file cannot be used
   */
  public Opened open(Network network, List<String> classes, long seed) {
    Optional<Path> file = file();
    if (file.isPresent()) {
      Weights head = Weights.initialHead(network, seed);
      return new Opened(WeightFile.open(file.get(), network, classes, head), name);
    }
    if (name.equals(NONE)) {
      return random(network, seed, "random (not pre-trained)");
    }
    return Backbones.find(network)
        .map(found -> new Opened(found.open(network, seed), "embedded backbone"))
        .orElseGet(
            () ->
                random(network, seed, "random (no embedded backbone for " + network.name() + ")"));
  }

  private static Opened random(Network network, long seed, String origin) {
    return new Opened(
        new Pretrained(Weights.initial(network, seed), Preprocessing.imageNet(), false), origin);
  }
}
