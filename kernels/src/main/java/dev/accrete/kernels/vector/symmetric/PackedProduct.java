package dev.accrete.kernels.vector.symmetric;

import static dev.accrete.kernels.vector.product.Tiling.SYMMETRIC_PANEL;

import dev.accrete.core.TensorType;
import dev.accrete.core.op.Triangle;
import dev.accrete.kernels.vector.run.Scratch;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Operand;

/**
 * Outer products of the rows of a matrix with themselves, added to the lower right part of a
 * triangle or taken off it. Rows are packed to panels first; 8 bytes of a panel then serve 24
 * multiplications, and a sum is loaded and stored once per update, so that the limit is arithmetic.
 */
final class PackedProduct {
  /** Writes columns {@code from} to {@code to} of a row to {@code target}. */
  @FunctionalInterface
  interface Rows {
    void copy(int row, int from, int to, double[] target, int at);
  }

  private final TileRunner runner;
  private final boolean subtract;
  private final Triangle triangle;
  private final Operand panels;
  private final TileBody pack = this::pack;
  private final TileBody multiply = this::multiply;

  // Of the update that runs.
  private Rows source = (row, from, to, target, at) -> {};
  private int rows;
  private int first;
  private double[] sums = new double[0];
  private int offset;

  /**
   * An update of a triangle.
   *
   * @param panels of the type that {@link #panels} gives
   */
  PackedProduct(TileRunner runner, boolean subtract, Triangle triangle, Operand panels) {
    this.runner = runner;
    this.subtract = subtract;
    this.triangle = triangle;
    this.panels = panels;
  }

  /** The working memory of updates by up to so many rows. */
  static TensorType panels(int rows, int side) {
    return TensorType.f64(count(side), rows, SYMMETRIC_PANEL);
  }

  private static int count(int columns) {
    return Math.ceilDiv(columns, SYMMETRIC_PANEL);
  }

  /**
   * Updates what lies right of and below element (first, first).
   *
   * @param from gives the rows, whose columns are counted from {@code first}
   */
  void run(Rows from, int count, int firstColumn, double[] target, int at) {
    source = from;
    rows = count;
    first = firstColumn;
    sums = target;
    offset = at;
    int panelCount = count(triangle.side() - first);
    runner.run(panelCount, pack);
    // The widest strip of panels together with the narrowest: all tiles do the same work.
    runner.run((panelCount + 1) / 2, multiply);
  }

  private void pack(int panel, Scratch scratch) {
    double[] to = panels.doubles;
    int columns = triangle.side() - first;
    int from = panel * SYMMETRIC_PANEL;
    int end = Math.min(columns, from + SYMMETRIC_PANEL);
    for (int row = 0; row < rows; row++) {
      int at = (panel * rows + row) * SYMMETRIC_PANEL;
      source.copy(row, from, end, to, at);
      for (int pad = end - from; pad < SYMMETRIC_PANEL; pad++) {
        to[at + pad] = 0;
      }
    }
  }

  private void multiply(int tile, Scratch scratch) {
    double[] products = scratch.doubles(PanelKernels.PRODUCTS);
    int panelCount = count(triangle.side() - first);
    strip(tile, panelCount, products);
    if (panelCount - 1 - tile > tile) {
      strip(panelCount - 1 - tile, panelCount, products);
    }
  }

  /** The rows of the triangle that panel {@code i} stands for. */
  private void strip(int i, int panelCount, double[] products) {
    int length = rows * SYMMETRIC_PANEL;
    int columns = triangle.side() - first;
    for (int j = i; j < panelCount; j++) {
      for (int group = 0; group < SYMMETRIC_PANEL; group += PanelKernels.GROUP) {
        int row = i * SYMMETRIC_PANEL + group;
        if (row >= columns) {
          break;
        }
        PanelKernels.multiply(panels.doubles, i * length + group, j * length, rows, products);
        int last = Math.min(columns, row + PanelKernels.GROUP);
        for (int r = row; r < last; r++) {
          int from = Math.max(j * SYMMETRIC_PANEL, r);
          int to = Math.min(columns, (j + 1) * SYMMETRIC_PANEL);
          int at = offset + triangle.at(first + r, first);
          int product = (r - row) * SYMMETRIC_PANEL - j * SYMMETRIC_PANEL;
          if (to - from == SYMMETRIC_PANEL) {
            PanelKernels.accumulate(products, product + from, sums, at + from, subtract);
          } else {
            accumulate(products, product, at, from, to);
          }
        }
      }
    }
  }

  private void accumulate(double[] products, int product, int at, int from, int to) {
    double[] target = sums;
    for (int c = from; c < to; c++) {
      double value = products[product + c];
      target[at + c] += subtract ? -value : value;
    }
  }
}
