package dev.accrete.kernels.spec;

import java.util.List;

/**
 * How far a result may lie from the reference, element by element. Bounds follow from the number of
 * roundings in single precision, not from what some backend happens to reach.
 */
@FunctionalInterface
public interface Tolerance {
  /** The largest relative error of one rounding to single precision. */
  double UNIT = 0x1p-24;

  /** The largest relative error of one rounding to double precision. */
  double DOUBLE_UNIT = 0x1p-53;

  /** A cut-off sum's error in those of a rounded one. */
  int CUT_OFF = 8;

  /** The largest allowed distance from {@code expected}, the element at a canonical index. */
  double bound(int index, double expected);

  /** Not at all: ops that move numbers, or round once. */
  static Tolerance exact() {
    return (index, expected) -> 0;
  }

  /** {@code relative} roundings of the element plus {@code absolute} roundings of 1. */
  static Tolerance roundings(double relative, double absolute) {
    return (index, expected) -> UNIT * (relative * Math.abs(expected) + absolute);
  }

  /**
   * A sum of {@code length} terms of either sign, each at most about {@code magnitude}. Rounding
   * errors of partial sums add up like a random walk, to well below {@code length} roundings of one
   * term in any order of summation.
   */
  static Tolerance sum(long length, double magnitude) {
    return roundings(8, (8.0 + length) * magnitude);
  }

  /**
   * The same where tensor cores add: they cut sums off, to 2 to 4 units of fp32 where an addition
   * rounds to a half.
   */
  default Tolerance cutOff() {
    return (index, expected) -> CUT_OFF * bound(index, expected);
  }

  /** A {@link #sum} in double precision. */
  static Tolerance doubleSum(long length, double magnitude) {
    return (index, expected) -> DOUBLE_UNIT * (8 * Math.abs(expected) + (8.0 + length) * magnitude);
  }

  /** A tolerance per row of a matrix with rows of {@code width} elements. */
  static Tolerance rows(int width, List<Tolerance> rows) {
    List<Tolerance> fixed = List.copyOf(rows);
    return (index, expected) -> fixed.get(index / width).bound(index, expected);
  }
}
