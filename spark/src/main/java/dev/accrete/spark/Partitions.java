package dev.accrete.spark;

import org.apache.spark.sql.SparkSession;

/**
 * How many partitions images are worked on in. A partition costs a compiled network and, when it
 * learns, statistics that travel; and Spark would make one of every 32 small files.
 */
final class Partitions {
  /** So that an executor that is slow, or a task that fails, costs half of a core's share. */
  private static final int PER_CORE = 2;

  private Partitions() {}

  /** Two for each core that there is now. */
  static int wanted(SparkSession spark) {
    return PER_CORE * spark.sparkContext().defaultParallelism();
  }
}
