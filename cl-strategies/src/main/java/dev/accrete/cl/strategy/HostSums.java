package dev.accrete.cl.strategy;

import dev.accrete.core.op.Triangle;

/** Sums in a Java array, for statistics that no backend is at hand for. */
final class HostSums implements OuterSums {
  private final Triangle shape;
  private final double[] triangle;

  HostSums(int size) {
    shape = new Triangle(size);
    triangle = new double[shape.length()];
  }

  @Override
  public int size() {
    return shape.side();
  }

  @Override
  public void add(float[] values, int offset, int count) {
    update(values, offset, count, 1);
  }

  @Override
  public void subtract(float[] values, int offset, int count) {
    update(values, offset, count, -1);
  }

  private void update(float[] values, int offset, int count, double factor) {
    double[] row = new double[size()];
    for (int from = offset; from < offset + count * size(); from += size()) {
      for (int i = 0; i < row.length; i++) {
        row[i] = values[from + i];
      }
      update(triangle, row, factor);
    }
  }

  private void update(double[] target, double[] row, double factor) {
    for (int i = 0; i < row.length; i++) {
      double scaled = factor * row[i];
      int to = shape.row(i);
      for (int j = i; j < row.length; j++) {
        target[to + j] += scaled * row[j];
      }
    }
  }

  @Override
  public double[] triangle() {
    return triangle.clone();
  }

  @Override
  public void setTriangle(double[] values) {
    System.arraycopy(values, 0, triangle, 0, triangle.length);
  }

  @Override
  public double[] less(double[][] rows) {
    double[] rest = triangle();
    for (double[] row : rows) {
      update(rest, row, -1);
    }
    return rest;
  }

  @Override
  public long bytes() {
    return 8L * triangle.length;
  }
}
