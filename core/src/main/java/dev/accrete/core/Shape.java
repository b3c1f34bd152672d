package dev.accrete.core;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of a tensor, outermost first; images are N, C, H, W. A scalar has rank 0 and size 1.
 * Immutable.
 */
public final class Shape {
  /** The shape of a single number. */
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    long product = 1;
    for (int dim : dims) {
      if (dim < 1) {
        throw new IllegalArgumentException(
            "a shape must have extents of at least 1, got " + Arrays.toString(dims));
      }
      product = Math.multiplyExact(product, (long) dim);
    }
    if (product > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a tensor may hold at most 2^31-1 elements, "
              + Arrays.toString(dims)
              + " has "
              + product);
    }
    this.dims = dims;
    this.size = (int) product;
  }

  /**
   * A shape of these extents.
   *
   * @throws IllegalArgumentException if an extent is below 1 or the product exceeds 2^31-1
   */
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /** The number of extents. */
  public int rank() {
    return dims.length;
  }

  /** Extent {@code axis}, counted from 0; a negative axis counts from the end. */
  public int dim(int axis) {
    return dims[axis < 0 ? dims.length + axis : axis];
  }

  /** The number of elements. */
  public int size() {
    return size;
  }

  /** The number of elements of everything after the first two extents; 1 for matrices. */
  public int spatialSize() {
    return rank() <= 2 ? 1 : size / dims[0] / dims[1];
  }

  /** A copy of the extents. */
  public int[] toArray() {
    return dims.clone();
  }

  /** This shape with extent {@code axis} replaced. */
  public Shape withDim(int axis, int extent) {
    int[] changed = dims.clone();
    changed[axis] = extent;
    return of(changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** For example {@code 128x32x64x64}, or {@code scalar}. */
  @Override
  public String toString() {
    return rank() == 0
        ? "scalar"
        : Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining("x"));
  }
}
