package dev.accrete.nn;

import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.nn.layer.Activation;
import dev.accrete.nn.layer.Declarations;
import dev.accrete.nn.layer.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Numbers that describe an image by what several layers of a network make of it: the mean of every
 * channel over the positions of its plane, and for some layers the standard deviation too. A layer
 * whose results are flat gives them as they are.
 *
 * <p>As a text: {@code conv1:mean+std,conv6/sep:mean}.
 *
 * @param parts layers in the order of the network; the numbers of each lie together, means first
 */
public record LayerMoments(List<Part> parts) {
  private static final String MEAN = ":mean";
  private static final String BOTH = ":mean+std";

  /** The share of layers, from the image on, whose deviations count too: 6 of 14. */
  private static final int LOWER = 3;

  private static final int DEPTH = 7;

  /** How many more deviations {@link LayerSet#M} has. */
  private static final int MORE = 2;

  /**
   * What is taken of one layer.
   *
   * @param layer a name of {@link Network#layerNames}, below the head
   * @param deviation whether the deviations count beside the means
   */
  public record Part(String layer, boolean deviation) {
    @Override
    public String toString() {
      return layer + (deviation ? BOTH : MEAN);
    }
  }

  /**
   * Checks that there is something, once each.
   *
   * @throws IllegalArgumentException if not
   */
  public LayerMoments {
    parts = List.copyOf(parts);
    Set<String> names = new HashSet<>();
    for (Part part : parts) {
      if (part.layer().isBlank() || !names.add(part.layer())) {
        throw new IllegalArgumentException(
            "layer '" + part.layer() + "' of " + parts + " is blank or stands there twice");
      }
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("features of no layer: name one, such as conv1:mean+std");
    }
  }

  /**
   * The layers of a network that a set stands for. Counted are its convolutions that mix channels,
   * each with the function behind it, and whole residual blocks: n of them. The lower 3/7 give
   * means and deviations; above them every (n/7)-th gives means up to the last but one, and the
   * last does. A network that ends in flat layers of its own gives what its head reads beside that.
   * MobileNetV1: conv1 to conv4_1 with deviations; conv4_2, conv5_2, conv5_4 and conv6.
   */
  public static LayerMoments of(Network network, LayerSet set) {
    String last = network.body().getLast().name();
    List<String> units = new ArrayList<>();
    boolean flat = units(network, units);
    if (set == LayerSet.LAST || units.isEmpty()) {
      return new LayerMoments(List.of(new Part(last, false)));
    }
    int count = units.size();
    int lower = Math.ceilDiv(LOWER * count, DEPTH);
    int step = Math.max(1, count / DEPTH);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < lower; i++) {
      parts.add(new Part(units.get(i), true));
    }
    for (int i = lower; i + step < count; i += step) {
      boolean more = set == LayerSet.M && (i - lower) / step < MORE;
      parts.add(new Part(units.get(i), more));
    }
    if (lower < count) {
      parts.add(new Part(units.getLast(), set == LayerSet.M && lower + step >= count));
    }
    if (flat) {
      parts.add(new Part(last, false));
    }
    return new LayerMoments(parts);
  }

  /** Adds the names of the layers counted; whether trained layers with flat results follow them. */
  private static boolean units(Network network, List<String> names) {
    Declarations declarations = new Declarations();
    Shape shape = network.input();
    boolean flat = false;
    boolean directly = false;
    int known = 0;
    for (Layer layer : network.body()) {
      shape = layer.declare(declarations, shape);
      List<Parameter> all = declarations.parameterLayout().all();
      boolean mixes =
          all.subList(known, all.size()).stream().anyMatch(p -> p.role() == Role.CONVOLUTION);
      if (shape.rank() == 3 && mixes) {
        names.add(layer.name());
      } else if (directly && layer instanceof Activation) {
        names.set(names.size() - 1, layer.name());
      }
      directly = shape.rank() == 3 && mixes;
      flat |= shape.rank() == 1 && all.size() > known;
      known = all.size();
    }
    return flat;
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static LayerMoments parse(String text) {
    return new LayerMoments(Arrays.stream(text.split(",", -1)).map(LayerMoments::part).toList());
  }

  private static Part part(String text) {
    if (text.endsWith(BOTH)) {
      return new Part(text.substring(0, text.length() - BOTH.length()), true);
    } else if (text.endsWith(MEAN)) {
      return new Part(text.substring(0, text.length() - MEAN.length()), false);
    }
    throw new IllegalArgumentException(
        "'" + text + "' is neither LAYER" + MEAN + " nor LAYER" + BOTH);
  }

  /**
   * How many numbers these are for a network.
   *
   * @throws IllegalArgumentException if a layer is not the network's or flat where a deviation is
   *     asked for, or they are not in its order
   */
  public int size(Network network) {
    Map<String, Shape> shapes = shapes(network);
    List<String> order = parts.stream().map(Part::layer).toList();
    if (!shapes.keySet().stream().filter(new HashSet<>(order)::contains).toList().equals(order)) {
      boolean there =
          shapes.keySet().containsAll(order) && new HashSet<>(order).size() == order.size();
      throw new IllegalArgumentException(
          this
              + (there ? " are layers of " : " are no layers of ")
              + network
              + (there ? ", but not in its order, which is " : "; it has ")
              + String.join(", ", shapes.keySet()));
    }
    int size = 0;
    for (Part part : parts) {
      Shape shape = shapes.getOrDefault(part.layer(), Shape.SCALAR);
      if (part.deviation() && shape.rank() == 1) {
        throw new IllegalArgumentException(
            part.layer() + " is flat and has no deviation: use " + part.layer() + MEAN);
      }
      size += shape.dim(0) * (part.deviation() ? 2 : 1);
    }
    return size;
  }

  private static Map<String, Shape> shapes(Network network) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    Declarations declarations = new Declarations();
    Shape shape = network.input();
    for (Layer layer : network.body()) {
      shape = layer.declare(declarations, shape);
      shapes.put(layer.name(), shape);
    }
    return shapes;
  }

  @Override
  public String toString() {
    return parts.stream().map(Part::toString).collect(Collectors.joining(","));
  }
}
