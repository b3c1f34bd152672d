package dev.accrete.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Learns on two executors that are processes of their own, one of which is killed amid its work.
 * {@link DistributedLearningTest} runs it in a JVM of its own, for SPARK_HOME has to be set and
 * there is one Spark in a JVM.
 */
final class KilledExecutor {
  static final String LOST = "executors lost: ";
  private static final int PARTS = 3;

  private KilledExecutor() {}

  /**
   * Learns.
   *
   * @param arguments a folder of images, and where a learner goes
   */
  public static void main(String[] arguments) throws IOException {
    String java = "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED";
    AtomicInteger lost = new AtomicInteger();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local-cluster[2,1,1024]")
            .config("spark.ui.enabled", "false")
            .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .config("spark.executor.extraJavaOptions", java)
            .getOrCreate()) {
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                  lost.incrementAndGet();
                }
              });
      Dataset<Row> files = LabelledFiles.ofFolder(spark, arguments[0]).repartition(PARTS);
      JavaRDD<Row> deadly =
          files.javaRDD().mapPartitions(rows -> half(rows, arguments[1] + ".killed"));
      DistributedLearning.learn(
          spark.createDataFrame(deadly, files.schema()),
          Path.of(arguments[1]),
          Spark.CONFIG,
          Spark.BACKEND);
      System.out.println(LOST + lost.get());
    }
  }

  /**
   * Rows; the first time that there are those of the second partition, its process ends in the
   * middle of them. The file says so afterwards, for attempts are counted anew with every stage,
   * and a stage is tried again when what it had shuffled is lost.
   */
  private static Iterator<Row> half(Iterator<Row> rows, String marker) {
    List<Row> all = new ArrayList<>();
    rows.forEachRemaining(all::add);
    if (TaskContext.getPartitionId() != 1 || Files.exists(Path.of(marker))) {
      return all.iterator();
    }
    int middle = all.size() / 2;
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < all.size();
      }

      @Override
      public Row next() {
        if (next == middle) {
          kill(marker);
        }
        return all.get(next++);
      }
    };
  }

  private static void kill(String marker) {
    try {
      Files.createFile(Path.of(marker));
      long self = ProcessHandle.current().pid();
      new ProcessBuilder("kill", "-9", Long.toString(self)).start().waitFor();
      Thread.sleep(60_000);
    } catch (IOException e) {
      throw new IllegalStateException("cannot be killed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("the process outlived its end");
  }
}
