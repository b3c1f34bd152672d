package dev.accrete.cl.scenario;

import dev.accrete.core.Rng;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Cuts points into clusters of equal size (to within one) by halving them again and again across
 * the direction in which they vary most: principal direction divisive partitioning (Boley,
 * "Principal Direction Divisive Partitioning", Data Mining and Knowledge Discovery 2, 1998), cut at
 * the quantile instead of the mean so that the sizes come out equal.
 */
final class BalancedClusters {
  /** The direction only needs to separate well, not to converge. */
  private static final int POWER_ITERATIONS = 12;

  private final float[][] points;
  private final Rng rng;
  private final int[] cluster;
  private int clusters;

  private BalancedClusters(float[][] points, Rng rng) {
    this.points = points;
    this.rng = rng;
    this.cluster = new int[points.length];
  }

  /**
   * The cluster, {@code 0..k-1}, of each point. A pure function of the points and of {@code rng}.
   *
   * @throws IllegalArgumentException if {@code k} is not in {@code 1..points.length}
   */
  static int[] assign(float[][] points, int k, Rng rng) {
    if (k < 1 || k > points.length) {
      throw new IllegalArgumentException(
          k + " clusters of " + points.length + " points: at least 1, at most one a point");
    }
    BalancedClusters state = new BalancedClusters(points, rng);
    int[] all = new int[points.length];
    Arrays.setAll(all, i -> i);
    state.cut(all, k);
    return state.cluster;
  }

  private void cut(int[] members, int k) {
    if (k == 1) {
      for (int member : members) {
        cluster[member] = clusters;
      }
      clusters++;
      return;
    }
    int lowClusters = k / 2;
    int low = (int) ((long) members.length * lowClusters / k);
    int[] sorted = alongPrincipalDirection(members);
    cut(Arrays.copyOf(sorted, low), lowClusters);
    cut(Arrays.copyOfRange(sorted, low, sorted.length), k - lowClusters);
  }

  private int[] alongPrincipalDirection(int[] members) {
    double[] mean = mean(members);
    double[] direction = principalDirection(members, mean);
    double[] projection = new double[points.length];
    for (int member : members) {
      projection[member] = project(points[member], mean, direction);
    }
    return Arrays.stream(members)
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer member) -> projection[member])
                .thenComparingInt(member -> member))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private double[] mean(int[] members) {
    double[] mean = new double[points[members[0]].length];
    for (int member : members) {
      add(mean, 1.0 / members.length, points[member]);
    }
    return mean;
  }

  /** Power iteration on the covariance, which is never formed. */
  private double[] principalDirection(int[] members, double[] mean) {
    double[] direction = new double[mean.length];
    Arrays.setAll(direction, i -> rng.nextGaussian());
    for (int iteration = 0; iteration < POWER_ITERATIONS; iteration++) {
      double[] next = new double[mean.length];
      double weightSum = 0;
      for (int member : members) {
        double weight = project(points[member], mean, direction);
        add(next, weight, points[member]);
        weightSum += weight;
      }
      double norm = 0;
      for (int i = 0; i < next.length; i++) {
        next[i] -= weightSum * mean[i];
        norm += next[i] * next[i];
      }
      if (norm == 0) {
        return direction; // all points are equal: any direction will do
      }
      double scale = 1 / Math.sqrt(norm);
      Arrays.setAll(direction, i -> next[i] * scale);
    }
    return direction;
  }

  private static double project(float[] point, double[] mean, double[] direction) {
    double sum = 0;
    for (int i = 0; i < point.length; i++) {
      sum += (point[i] - mean[i]) * direction[i];
    }
    return sum;
  }

  private static void add(double[] sum, double weight, float[] point) {
    for (int i = 0; i < point.length; i++) {
      sum[i] += weight * point[i];
    }
  }
}
