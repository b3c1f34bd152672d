package dev.accrete.spark;

import org.apache.spark.sql.SparkSession;

/**
 * How many partitions images are worked on in: one for each core. A partition costs a compiled
 * network and, when it learns, statistics that travel; what a task leaves of an executor's cores
 * when it ends before others, they take.
 */
final class Partitions {
  private Partitions() {}

  /** One for each core that there is now. */
  static int wanted(SparkSession spark) {
    return spark.sparkContext().defaultParallelism();
  }
}
