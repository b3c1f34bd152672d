package dev.accrete.spark;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A model's answers for any number of images, in no order: {@code name}, {@code class} and {@code
 * probability} of the best, {@code probabilities} of all classes in the model's order, {@code
 * latents} (the features that the model's head reads, of the image as it is) where they are asked
 * for, and {@code error}, why an image has none of these.
 */
public final class DistributedPrediction {
  private static final StructType SCHEMA =
      new StructType()
          .add("name", DataTypes.StringType)
          .add("class", DataTypes.StringType)
          .add("probability", DataTypes.DoubleType)
          .add("probabilities", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("latents", DataTypes.createArrayType(DataTypes.FloatType, false))
          .add("error", DataTypes.StringType);

  private DistributedPrediction() {}

  /**
   * Asks a model. Nothing is computed before the answers are read or written.
   *
   * @param images see {@link LabelledFiles}; labels may be missing
   * @param model a file on the driver; it is sent to every executor once
   * @param latents whether features are wanted too: the network then runs twice
   * @param backend a name of {@link dev.accrete.core.Backends}
   * @throws AccreteException if the file is no model
   */
  public static Dataset<Row> predict(
      Dataset<Row> images, Path model, boolean latents, String backend) {
    SparkSession spark = images.sparkSession();
    Dataset<Row> files = LabelledFiles.require(images, "the data set");
    Model.load(model); // A damaged file is said here, not by every task.
    Broadcast<byte[]> sent =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(bytes(model));
    Engine engine = Engine.of(spark, backend);
    JavaRDD<Row> rows =
        files
            .javaRDD()
            .mapPartitions(part -> Answers.to(part, sent.value(), latents, engine.backend()));
    return spark.createDataFrame(rows, SCHEMA);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AccreteException("cannot read " + file + ": " + e + "; check the path", e);
    }
  }
}
