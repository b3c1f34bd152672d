package dev.accrete.kernels.vector.lowering;

import dev.accrete.core.Value;
import dev.accrete.kernels.vector.convolution.Packings;
import java.util.HashMap;
import java.util.Map;

/**
 * What the plans of the slices of one graph have in common; a graph that is not cut is alone.
 *
 * @param images of all slices: kernels are chosen by them, or bits would depend on the cut; 0 for a
 *     graph that is not cut
 * @param packings packed weights, of which all have one copy; they run at the same time
 */
public record Siblings(int images, Map<Value, Packings> packings) {
  /** Of a graph that is not cut. */
  public static Siblings none() {
    return of(0);
  }

  /** Of slices of so many images together, nothing packed yet. */
  public static Siblings of(int images) {
    return new Siblings(images, new HashMap<>());
  }
}
