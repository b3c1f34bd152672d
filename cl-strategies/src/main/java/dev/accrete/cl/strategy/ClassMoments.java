package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How many vectors of each class there were, the sums of them, and the sums of their outer products
 * over all classes: all that a linear discriminant needs. So two of these can be merged, and what
 * was added can be taken out again, in any order: a vector, or the statistics of a subject or of a
 * class.
 *
 * <p>Sums are in double precision, products of single-precision numbers exact in it. What is left
 * after a removal equals statistics that never had the vectors but for the rounding of these sums,
 * which depends on their order: about 1e-16 of the largest sum there ever was. Therefore bits may
 * differ.
 *
 * <p>The scatter of a single class is not known by itself. To take a class out, take out its
 * vectors, or statistics of them.
 */
public final class ClassMoments {
  private final int size;
  private final double[][] sums;
  private final long[] counts;
  private final OuterSums products;

  /** Statistics of nothing yet. */
  public ClassMoments(int classes, int size) {
    this(classes, new HostSums(size));
  }

  /** The same with products kept elsewhere. */
  ClassMoments(int classes, OuterSums products) {
    this.size = products.size();
    this.products = products;
    sums = new double[classes][size];
    counts = new long[classes];
  }

  /** How many numbers a vector has. */
  public int size() {
    return size;
  }

  /** Vectors of each class. */
  public long[] counts() {
    return counts.clone();
  }

  /** Vectors of a class. */
  public long count(int label) {
    return counts[label];
  }

  /** Vectors of all classes. */
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /** The mean of a class; zeros if there is no vector of it. */
  public double[] mean(int label) {
    double[] mean = sums[label].clone();
    for (int i = 0; i < size && counts[label] > 0; i++) {
      mean[i] /= (double) counts[label];
    }
    return mean;
  }

  /** Adds {@code values[offset .. offset + size)} as a vector of class {@code label}. */
  public void add(int label, float[] values, int offset) {
    count(label, values, offset, 1);
    products.add(values, offset, 1);
  }

  /** Adds as many vectors as labels, one after the other from element 0 on. */
  void add(int[] labels, float[] values) {
    for (int v = 0; v < labels.length; v++) {
      count(labels[v], values, v * size, 1);
    }
    products.add(values, 0, labels.length);
  }

  /**
   * Takes a vector out that was added before.
   *
   * @throws IllegalArgumentException if there is no vector of the class
   */
  public void remove(int label, float[] values, int offset) {
    requireThere(label, 1);
    count(label, values, offset, -1);
    products.subtract(values, offset, 1);
    settle(label);
  }

  /**
   * Takes vectors out; likewise.
   *
   * @throws IllegalArgumentException if there are fewer of a class; nothing is taken out then
   */
  void remove(int[] labels, float[] values) {
    requireThere(labels);
    for (int v = 0; v < labels.length; v++) {
      count(labels[v], values, v * size, -1);
    }
    products.subtract(values, 0, labels.length);
    for (int label : labels) {
      settle(label);
    }
  }

  /**
   * Throws unless there are as many vectors of every class.
   *
   * @throws IllegalArgumentException if there are fewer
   */
  void requireThere(int[] labels) {
    long[] removed = new long[counts.length];
    for (int label : labels) {
      removed[label]++;
    }
    for (int c = 0; c < counts.length; c++) {
      requireThere(c, removed[c]);
    }
  }

  private void requireThere(int label, long removed) {
    if (removed > counts[label]) {
      throw new IllegalArgumentException(
          "of the "
              + counts[label]
              + " vectors of class "
              + label
              + " one cannot take "
              + removed
              + " out");
    }
  }

  private void count(int label, float[] values, int offset, int factor) {
    double[] sum = sums[label];
    for (int i = 0; i < size; i++) {
      sum[i] += (double) factor * values[offset + i];
    }
    counts[label] += factor;
  }

  /** Nothing is left of what is gone, not even rounding. */
  private void settle(int label) {
    if (counts[label] == 0) {
      Arrays.fill(sums[label], 0);
    }
    if (total() == 0) {
      products.setTriangle(new double[products.triangle().length]);
    }
  }

  /**
   * Adds everything that {@code other} has, which stays as it is.
   *
   * @throws IllegalArgumentException if it has other vectors, or more classes
   */
  public void merge(ClassMoments other) {
    requireFit(other);
    merge(other, IntStream.range(0, other.counts.length).toArray());
  }

  /**
   * The same where classes have other numbers.
   *
   * @param labels the class here of each class there; negative for one without a vector
   */
  void merge(ClassMoments other, int[] labels) {
    addProducts(other, 1);
    for (int c = 0; c < other.counts.length; c++) {
      if (labels[c] >= 0) {
        addClass(labels[c], other, c, 1);
      }
    }
  }

  private void addProducts(ClassMoments other, double factor) {
    double[] all = products.triangle();
    double[] added = other.products.triangle();
    for (int k = 0; k < all.length; k++) {
      all[k] += factor * added[k];
    }
    products.setTriangle(all);
  }

  private void addClass(int label, ClassMoments other, int there, int factor) {
    for (int i = 0; i < size; i++) {
      sums[label][i] += factor * other.sums[there][i];
    }
    counts[label] += factor * other.counts[there];
  }

  /**
   * Takes everything out that {@code other} has, all of which was added before, in whatever way.
   *
   * @throws IllegalArgumentException if it has other vectors, or more of a class
   */
  public void remove(ClassMoments other) {
    requireFit(other);
    for (int c = 0; c < other.counts.length; c++) {
      requireThere(c, other.counts[c]);
    }
    addProducts(other, -1);
    for (int c = 0; c < other.counts.length; c++) {
      addClass(c, other, c, -1);
      settle(c);
    }
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

  /**
   * The linear discriminant with the shrunk covariance S of the scatter within classes, divided by
   * the number of vectors: a class scores {@code z' S^-1 mean - mean' S^-1 mean / 2}, one without a
   * vector negative infinity; here z and means are told from the middle of all means, which takes
   * the same from every class's score and keeps what all have in common out of the sums. (A class
   * that is alone is not told from itself, so that models of other images of it are other models.)
   *
   * @param drawn whether means are drawn to what other classes let expect; see {@link MeanPrior}
   * @throws AccreteException if S is not a positive definite matrix of finite numbers
   */
  Discriminant discriminant(Shrinkage shrinkage, boolean drawn, PositiveDefinite solver) {
    int[] seen = IntStream.range(0, counts.length).filter(c -> counts[c] > 0).toArray();
    double[][] probes = drawn ? MeanPrior.probes(size) : new double[0][];
    double[] triangle = scatter(seen);
    double[][] spread = products(triangle, probes);
    shrink(triangle, shrinkage);
    double[][] means = Arrays.stream(seen).mapToObj(this::mean).toArray(double[][]::new);
    double[] middle = means.length > 1 ? centre(means) : new double[size];
    double[][] right = Arrays.copyOf(means, means.length + probes.length);
    System.arraycopy(probes, 0, right, means.length, probes.length);
    Optional<double[][]> solved = solver.solve(triangle, right);
    double[][] solutions =
        solved.orElseThrow(
            () ->
                new AccreteException(
                    "the covariance of the features is not a positive definite matrix of finite"
                        + " numbers; raise "
                        + shrinkage.setting()
                        + ", now "
                        + shrinkage.strength()
                        + ", or look for weights that are out of range"));
    double[][] rows = Arrays.copyOf(solutions, means.length);
    if (drawn) {
      double dimensions = 0;
      for (int p = 0; p < probes.length; p++) {
        dimensions += product(solutions[means.length + p], spread[p]);
      }
      long[] vectors = Arrays.stream(seen).mapToLong(c -> counts[c]).toArray();
      MeanPrior.apply(means, rows, vectors, dimensions / probes.length / (double) total());
    }
    double[][] weights = new double[counts.length][size];
    double[] bias = new double[counts.length];
    Arrays.fill(bias, Double.NEGATIVE_INFINITY);
    for (int s = 0; s < seen.length; s++) {
      weights[seen[s]] = rows[s];
      bias[seen[s]] = -product(rows[s], middle) - 0.5 * product(rows[s], means[s]);
    }
    return new Discriminant(weights, bias);
  }

  /** Takes the middle of all rows off each, and gives it. */
  private double[] centre(double[][] rows) {
    double[] middle = new double[size];
    for (double[] row : rows) {
      for (int i = 0; i < size; i++) {
        middle[i] += row[i] / rows.length;
      }
    }
    for (double[] row : rows) {
      for (int i = 0; i < size; i++) {
        row[i] -= middle[i];
      }
    }
    return middle;
  }

  private static double product(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  /** The triangle of the scatter within classes. */
  private double[] scatter(int[] seen) {
    // The scatter within a class is the sum of its outer products less that of its sum, over n.
    double[][] roots = new double[seen.length][size];
    for (int s = 0; s < seen.length; s++) {
      double root = Math.sqrt((double) counts[seen[s]]);
      for (int i = 0; i < size; i++) {
        roots[s][i] = sums[seen[s]][i] / root;
      }
    }
    return products.less(roots);
  }

  /** A symmetric matrix times each vector. */
  private double[][] products(double[] triangle, double[][] vectors) {
    double[][] results = new double[vectors.length][size];
    int k = 0;
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        double value = triangle[k++];
        for (int v = 0; v < vectors.length; v++) {
          results[v][i] += value * vectors[v][j];
          if (i != j) {
            results[v][j] += value * vectors[v][i];
          }
        }
      }
    }
    return results;
  }

  /** Makes the shrunk covariance of the scatter. */
  private void shrink(double[] triangle, Shrinkage shrinkage) {
    double total = (double) Math.max(1, total());
    double epsilon = shrinkage.epsilon(size, total());
    int k = 0;
    for (int i = 0; i < size; i++) {
      triangle[k] = shrinkage.variance(triangle[k] / total, epsilon);
      k++;
      for (int j = i + 1; j < size; j++) {
        triangle[k++] *= (1 - epsilon) / total;
      }
    }
  }

  /** Forgets all vectors. */
  void clear() {
    Arrays.fill(counts, 0);
    for (double[] sum : sums) {
      Arrays.fill(sum, 0);
    }
    products.setTriangle(new double[size * (size + 1) / 2]);
  }

  /** Bytes of all sums. */
  public long bytes() {
    return 8L * ((long) sums.length * size + counts.length) + products.bytes();
  }

  /** Saves everything under names that begin with {@code moments.}. */
  public void save(StateWriter state) {
    double[] flat = new double[sums.length * size];
    for (int c = 0; c < sums.length; c++) {
      System.arraycopy(sums[c], 0, flat, c * size, size);
    }
    state.put("moments.counts", counts);
    state.put("moments.sums", bits(flat));
    state.put("moments.products", bits(products.triangle()));
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
    double[] flat = doubles(state, "moments.sums", saved.length * size);
    double[] triangle = doubles(state, "moments.products", size * (size + 1) / 2);
    Arrays.fill(counts, 0);
    System.arraycopy(saved, 0, counts, 0, saved.length);
    for (int c = 0; c < sums.length; c++) {
      Arrays.fill(sums[c], 0);
      if (c < saved.length) {
        System.arraycopy(flat, c * size, sums[c], 0, size);
      }
    }
    products.setTriangle(triangle);
  }

  static long[] bits(double[] values) {
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Double.doubleToRawLongBits(values[i]);
    }
    return bits;
  }

  static double[] doubles(StateReader state, String name, int length) {
    long[] bits = state.longs(name);
    if (bits.length != length) {
      throw misfit(name, bits.length, length);
    }
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = Double.longBitsToDouble(bits[i]);
    }
    return values;
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
