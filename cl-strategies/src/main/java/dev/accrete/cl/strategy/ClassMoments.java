package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How many vectors of each class there were, their means, and the scatter within classes, pooled:
 * all that a linear discriminant needs. Everything is a sum, so two of these can be merged, and
 * what was added can be taken out again, in any order: a vector, or the statistics of a subject or
 * of a class. All sums are in double precision.
 *
 * <p>The scatter of a single class is not known by itself. To take a class out, take out its
 * vectors, or statistics of them.
 */
public final class ClassMoments {
  private final int size;
  private final double[][] means;
  private final long[] counts;

  /** Upper triangle, row by row. */
  private final double[] scatter;

  private final PendingRows pending;

  /** Statistics of nothing yet; every vector is added to the scatter at once. */
  public ClassMoments(int classes, int size) {
    this(classes, size, PendingRows.none());
  }

  /** The same; rows for the scatter are gathered first where {@code pending} says so. */
  ClassMoments(int classes, int size, PendingRows pending) {
    this.size = size;
    this.pending = pending;
    means = new double[classes][size];
    counts = new long[classes];
    scatter = new double[Math.toIntExact((long) size * (size + 1) / 2)];
  }

  /** How many numbers a vector has. */
  public int size() {
    return size;
  }

  /** Vectors of each class. */
  public long[] counts() {
    return counts.clone();
  }

  /** Vectors of all classes. */
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /** The mean of a class; zeros if there is no vector of it. */
  public double[] mean(int label) {
    return means[label].clone();
  }

  /**
   * Adds {@code values[offset .. offset + size)} as a vector of class {@code label} (Welford 1962):
   * of n before it, it adds {@code n / (n + 1) (z - mean)(z - mean)'}.
   */
  public void add(int label, float[] values, int offset) {
    double[] mean = means[label];
    double before = (double) counts[label]++;
    double[] row = new double[size];
    double weight = Math.sqrt(before / (before + 1));
    for (int i = 0; i < size; i++) {
      double difference = values[offset + i] - mean[i];
      mean[i] += difference / (before + 1);
      row[i] = weight * difference;
    }
    if (before > 0 && !pending.take(row, scatter)) {
      addOuter(scatter, row, 1);
    }
  }

  /**
   * Takes a vector out that was added before.
   *
   * @throws IllegalArgumentException if there is no vector of the class
   */
  public void remove(int label, float[] values, int offset) {
    long before = counts[label];
    if (before == 0) {
      throw new IllegalArgumentException("there is no vector of class " + label + " to take out");
    }
    double[] mean = means[label];
    double[] row = new double[size];
    double weight = before > 1 ? Math.sqrt(before / (before - 1.0)) : 0;
    for (int i = 0; i < size; i++) {
      double difference = values[offset + i] - mean[i];
      row[i] = weight * difference;
      mean[i] = before > 1 ? mean[i] - difference / (before - 1) : 0;
    }
    counts[label]--;
    addOuter(scatter, row, -1);
  }

  /**
   * Adds everything that {@code other} has, which stays as it is.
   *
   * @throws IllegalArgumentException if it has other vectors, or more classes
   */
  public void merge(ClassMoments other) {
    requireFit(other);
    double[] added = other.settled();
    for (int k = 0; k < scatter.length; k++) {
      scatter[k] += added[k];
    }
    for (int c = 0; c < other.counts.length; c++) {
      if (other.counts[c] > 0) {
        mergeClass(c, (double) other.counts[c], other.means[c]);
      }
    }
  }

  private void mergeClass(int label, double added, double[] mean) {
    double before = (double) counts[label];
    double whole = before + added;
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      double difference = mean[i] - means[label][i];
      row[i] = Math.sqrt(before * added / whole) * difference;
      means[label][i] += difference * added / whole;
    }
    counts[label] += (long) added;
    addOuter(scatter, row, 1);
  }

  /**
   * Takes everything out that {@code other} has, all of which was added before, in whatever way.
   *
   * @throws IllegalArgumentException if it has other vectors, or more of a class
   */
  public void remove(ClassMoments other) {
    requireFit(other);
    for (int c = 0; c < other.counts.length; c++) {
      if (other.counts[c] > counts[c]) {
        throw new IllegalArgumentException(
            "of the "
                + counts[c]
                + " vectors of class "
                + c
                + " one cannot take "
                + other.counts[c]
                + " out");
      }
    }
    double[] removed = other.settled();
    for (int k = 0; k < scatter.length; k++) {
      scatter[k] -= removed[k];
    }
    for (int c = 0; c < other.counts.length; c++) {
      if (other.counts[c] > 0) {
        removeClass(c, (double) other.counts[c], other.means[c]);
      }
    }
  }

  private void removeClass(int label, double removed, double[] mean) {
    double whole = (double) counts[label];
    double rest = whole - removed;
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      double kept = rest > 0 ? (whole * means[label][i] - removed * mean[i]) / rest : 0;
      row[i] = Math.sqrt(rest * removed / whole) * (mean[i] - kept);
      means[label][i] = kept;
    }
    counts[label] = (long) rest;
    addOuter(scatter, row, -1);
  }

  private void requireFit(ClassMoments other) {
    if (other.size != size || other.counts.length > counts.length) {
      throw new IllegalArgumentException(
          "statistics of "
              + other.counts.length
              + " classes and vectors of "
              + other.size
              + " do not fit into those of "
              + counts.length
              + " and "
              + size);
    }
  }

  /** The scatter within classes, upper triangle, with all rows that wait. */
  private double[] settled() {
    double[] all = scatter.clone();
    pending.addTo(all);
    return all;
  }

  private static void addOuter(double[] triangle, double[] row, double factor) {
    int k = 0;
    for (int i = 0; i < row.length; i++) {
      double scaled = factor * row[i];
      for (int j = i; j < row.length; j++) {
        triangle[k++] += scaled * row[j];
      }
    }
  }

  /**
   * The linear discriminant with the shrunk covariance S of the scatter divided by the number of
   * vectors: a class scores {@code z' S^-1 mean - mean' S^-1 mean / 2}, one without a vector
   * negative infinity.
   *
   * @throws AccreteException if S is not a positive definite matrix of finite numbers
   */
  Discriminant discriminant(Shrinkage shrinkage, PositiveDefinite solver) {
    double total = (double) Math.max(1, total());
    double epsilon = shrinkage.epsilon(size, total());
    double[] triangle = settled();
    double[][] shrunk = new double[size][size];
    int k = 0;
    for (int i = 0; i < size; i++) {
      shrunk[i][i] = shrinkage.variance(triangle[k++] / total, epsilon);
      for (int j = i + 1; j < size; j++) {
        shrunk[i][j] = (1 - epsilon) * triangle[k++] / total;
        shrunk[j][i] = shrunk[i][j];
      }
    }
    int[] seen = IntStream.range(0, counts.length).filter(c -> counts[c] > 0).toArray();
    double[][] right = Arrays.stream(seen).mapToObj(c -> means[c]).toArray(double[][]::new);
    Optional<double[][]> solved = solver.solve(shrunk, right);
    double[][] rows =
        solved.orElseThrow(
            () ->
                new AccreteException(
                    "the covariance of the features is not a positive definite matrix of finite"
                        + " numbers; raise "
                        + shrinkage.setting()
                        + ", now "
                        + shrinkage.strength()
                        + ", or look for weights that are out of range"));
    double[][] weights = new double[counts.length][size];
    double[] bias = new double[counts.length];
    Arrays.fill(bias, Double.NEGATIVE_INFINITY);
    for (int s = 0; s < seen.length; s++) {
      weights[seen[s]] = rows[s];
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum += rows[s][i] * right[s][i];
      }
      bias[seen[s]] = -0.5 * sum;
    }
    return new Discriminant(weights, bias);
  }

  /** Multiply-accumulates of one {@link #discriminant}. */
  long macsOfDiscriminant() {
    long classes = Arrays.stream(counts).filter(c -> c > 0).count();
    return (long) size * size * size / 6 + classes * ((long) size * size + size);
  }

  /** Bytes of means, scatter and rows that wait. */
  public long bytes() {
    return 8L * (scatter.length + (long) means.length * size + counts.length) + pending.bytes();
  }

  /** Saves everything under names that begin with {@code moments.}. */
  public void save(StateWriter state) {
    state.put("moments.counts", counts);
    state.put(
        "moments.means", bits(Arrays.stream(means).flatMapToDouble(Arrays::stream).toArray()));
    state.put("moments.scatter", bits(scatter));
    state.put("moments.pending", pending.saved(size));
  }

  /**
   * Takes over what {@link #save} saved, of as many classes or fewer, instead of what is here.
   *
   * @throws AccreteException if it does not fit
   */
  public void restore(StateReader state) {
    long[] saved = state.longs("moments.counts");
    if (saved.length > counts.length) {
      throw misfit("moments.counts", saved.length, counts.length);
    }
    double[] flat = doubles(state, "moments.means", saved.length * size);
    double[] triangle = doubles(state, "moments.scatter", scatter.length);
    float[] rows = state.floats("moments.pending");
    if (rows.length % size != 1) {
      throw misfit("moments.pending", rows.length, size + 1);
    }
    Arrays.fill(counts, 0);
    System.arraycopy(saved, 0, counts, 0, saved.length);
    for (int c = 0; c < means.length; c++) {
      Arrays.fill(means[c], 0);
      if (c < saved.length) {
        System.arraycopy(flat, c * size, means[c], 0, size);
      }
    }
    System.arraycopy(triangle, 0, scatter, 0, scatter.length);
    restoreRows(rows);
  }

  /** A number of rows, and the rows. Without a place to wait they are added. */
  private void restoreRows(float[] saved) {
    pending.clear();
    double[] row = new double[size];
    for (int r = 0; r < saved.length / size; r++) {
      for (int i = 0; i < size; i++) {
        row[i] = saved[1 + r * size + i];
      }
      if (!pending.take(row, scatter)) {
        addOuter(scatter, row, 1);
      }
    }
  }

  static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  static double[] doubles(StateReader state, String name, int length) {
    long[] bits = state.longs(name);
    if (bits.length != length) {
      throw misfit(name, bits.length, length);
    }
    return Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
  }

  static AccreteException misfit(String name, int actual, int expected) {
    return new AccreteException(
        "the saved statistics have "
            + actual
            + " elements in '"
            + name
            + "', expected "
            + expected
            + "; they were saved with another network, other layers or other classes");
  }
}
