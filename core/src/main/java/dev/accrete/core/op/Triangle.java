package dev.accrete.core.op;

/**
 * How the upper triangle of a square matrix lies in a flat array: row by row, each from its
 * diagonal on.
 *
 * @param side rows and columns of the matrix
 */
public record Triangle(int side) {
  /** Sides whose triangles one array can hold. */
  private static final int MOST = 65_535;

  /**
   * Checks that an array can hold it.
   *
   * @throws IllegalArgumentException if the side is not from 1 to 65,535
   */
  public Triangle {
    if (side < 1 || side > MOST) {
      throw new IllegalArgumentException(
          "a triangle of side " + side + " fits no array: use 1 to " + MOST);
    }
  }

  /**
   * The triangle of so many elements.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Triangle ofLength(int length) {
    int side = (int) ((Math.sqrt(8.0 * length + 1) - 1) / 2);
    if (length < 1 || (long) side * (side + 1) / 2 != length) {
      throw new IllegalArgumentException(length + " elements are no triangle");
    }
    return new Triangle(side);
  }

  /** How many elements it has. */
  public int length() {
    return (int) ((long) side * (side + 1) / 2);
  }

  /** Element (row, column) is at this place plus the column; the column is at least the row. */
  public int row(int row) {
    return (int) ((long) row * (side - 1) - (long) row * (row - 1) / 2);
  }

  /** Where an element is; the column is at least the row. */
  public int at(int row, int column) {
    return row(row) + column;
  }
}
