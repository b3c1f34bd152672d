package dev.accrete.nn;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Which layers describe an image: a set that any network has by depth, or layers of one by name. As
 * a text the set's name in lower case, or what {@link LayerMoments} are as a text: {@code s}, or
 * {@code conv1:mean+std,conv6/sep:mean}.
 */
public sealed interface LayerChoice {
  /** By depth. */
  record ByDepth(LayerSet set) implements LayerChoice {
    @Override
    public LayerMoments of(Network network) {
      return LayerMoments.of(network, set);
    }

    @Override
    public String toString() {
      return spelled(set);
    }
  }

  /** By name. */
  record ByName(LayerMoments moments) implements LayerChoice {
    @Override
    public LayerMoments of(Network network) {
      moments.size(network);
      return moments;
    }

    @Override
    public String toString() {
      return moments.toString();
    }
  }

  /**
   * What that is for a network.
   *
   * @throws IllegalArgumentException if a layer is not the network's or flat where a deviation is
   *     asked for, or they are not in its order
   */
  LayerMoments of(Network network);

  /**
   * Reads the text of a choice.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static LayerChoice parse(String text) {
    Optional<LayerSet> set =
        Arrays.stream(LayerSet.values())
            .filter(s -> spelled(s).equals(text.toLowerCase(Locale.ROOT)))
            .findFirst();
    return set.<LayerChoice>map(ByDepth::new).orElseGet(() -> new ByName(LayerMoments.parse(text)));
  }

  private static String spelled(LayerSet set) {
    return set.name().toLowerCase(Locale.ROOT);
  }
}
