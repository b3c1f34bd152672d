package dev.accrete.kernels.spec;

import dev.accrete.core.TensorType;
import dev.accrete.core.op.CholeskyFactor;
import dev.accrete.core.op.SymmetricUpdate;
import dev.accrete.core.op.Triangle;
import dev.accrete.core.op.TriangularSolve;
import java.util.ArrayList;
import java.util.List;

/** Symmetric matrices in double precision: what a linear discriminant is made of. */
final class SymmetricSpecs {
  /** Sides around the tiles and blocks of all backends. */
  private static final int[] SIDES = {1, 2, 3, 12, 31, 32, 33, 64, 65, 97, 131};

  /** What describes an image in a linear discriminant on many layers of MobileNetV1 0.5. */
  private static final int FEATURES = 2144;

  private static final int CLASSES = 50;

  private SymmetricSpecs() {}

  static List<OpSpec> all() {
    SymmetricUpdate add = new SymmetricUpdate(false);
    return List.of(
        new OpSpec(
            SymmetricUpdate.class,
            updates(),
            List.of(
                update(add, TensorType.f32(64, FEATURES), ""),
                update(add, TensorType.f32(64, 512), ""),
                update(new SymmetricUpdate(true), TensorType.f64(CLASSES, FEATURES), ""))),
        new OpSpec(CholeskyFactor.class, factors(), List.of(factor(FEATURES))),
        new OpSpec(
            TriangularSolve.class,
            solves(),
            List.of(
                solve(new TriangularSolve(true), CLASSES, FEATURES),
                solve(new TriangularSolve(false), CLASSES, FEATURES))));
  }

  private static List<OpSpec.Case> updates() {
    List<OpSpec.Case> cases = new ArrayList<>();
    int rows = 1;
    for (int side : SIDES) {
      boolean subtract = rows % 2 == 0;
      cases.add(update(new SymmetricUpdate(subtract), TensorType.f32(rows, side), ""));
      cases.add(update(new SymmetricUpdate(!subtract), TensorType.f64(rows + 3, side), ""));
      rows += 7;
    }
    SymmetricUpdate add = new SymmetricUpdate(false);
    cases.add(update(add, TensorType.f32(300, 70), "more rows than a filling"));
    return cases;
  }

  static OpSpec.Case update(SymmetricUpdate op, TensorType x, String note) {
    int side = x.shape().dim(1);
    int terms = x.shape().dim(0) + 1;
    return OpSpec.Case.of(
        op,
        // On the diagonal they are squares, so that partial sums grow with their number.
        Tolerance.doubleSum(terms, Math.sqrt(terms)),
        note,
        Operand.of("x", x, Generator.uniform()),
        Operand.of("s", triangle(side), Generator.uniform()));
  }

  private static List<OpSpec.Case> factors() {
    List<OpSpec.Case> cases = new ArrayList<>();
    for (int side : SIDES) {
      cases.add(factor(side));
    }
    return cases;
  }

  /**
   * A matrix whose diagonal outweighs the rest of each row, so that elements of the factor are well
   * determined: below 2, while sums that lead to them are of terms below 1.
   */
  static OpSpec.Case factor(int side) {
    return OpSpec.Case.of(
        new CholeskyFactor(),
        Tolerance.doubleSum(4L * side, 1),
        "",
        Operand.of("a", triangle(side), dominant(side)));
  }

  private static List<OpSpec.Case> solves() {
    int[][] rowsAndSides = {{1, 1}, {2, 2}, {5, 3}, {17, 12}, {3, 33}, {9, 64}, {2, 97}, {33, 31}};
    List<OpSpec.Case> cases = new ArrayList<>();
    for (int[] each : rowsAndSides) {
      cases.add(solve(new TriangularSolve(true), each[0], each[1]));
      cases.add(solve(new TriangularSolve(false), each[0], each[1]));
    }
    return cases;
  }

  static OpSpec.Case solve(TriangularSolve op, int rows, int side) {
    return OpSpec.Case.of(
        op,
        Tolerance.doubleSum(4L * side, 1),
        "",
        Operand.of("r", triangle(side), dominant(side)),
        Operand.of("b", TensorType.f64(rows, side), Generator.uniform()));
  }

  private static TensorType triangle(int side) {
    return TensorType.f64(new Triangle(side).length());
  }

  /** From 1 to 2 on the diagonal; the others of a row sum up to less than a half. */
  private static Generator dominant(int side) {
    Triangle triangle = new Triangle(side);
    boolean[] diagonal = new boolean[triangle.length()];
    for (int i = 0; i < side; i++) {
      diagonal[triangle.at(i, i)] = true;
    }
    return Generator.floats(
        (rng, i) -> diagonal[i] ? 1 + rng.nextDouble() : (rng.nextDouble() - 0.5) / side);
  }
}
