package dev.accrete.spark;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import dev.accrete.nn.image.ImageDecoder;
import dev.accrete.nn.image.ImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A model's answers for any number of images. A row for each, in no order: {@code name}, {@code
 * class} and {@code probability} of the best, {@code probabilities} of all classes in the model's
 * order, and {@code error}, why an image has none.
 */
public final class DistributedPrediction {
  private static final int MINI_BATCH = 64;
  private static final int COLUMNS = 5;

  private static final StructType SCHEMA =
      new StructType()
          .add("name", DataTypes.StringType)
          .add("class", DataTypes.StringType)
          .add("probability", DataTypes.DoubleType)
          .add("probabilities", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("error", DataTypes.StringType);

  private DistributedPrediction() {}

  /**
   * Asks a model.
   *
   * @param images with the columns {@code name} and {@code content} of {@link LabelledFiles}
   * @param model a file on the driver; it is sent to every executor once
   * @param backend a name of {@link dev.accrete.core.Backends}
   * @throws AccreteException if the file is no model
   */
  public static Dataset<Row> predict(
      SparkSession spark, Dataset<Row> images, Path model, String backend) {
    Dataset<Row> files =
        LabelledFiles.require(images, "the data set", LabelledFiles.NAME, LabelledFiles.CONTENT);
    Model.load(model); // A damaged file is said here, not by every task.
    Broadcast<byte[]> sent =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(bytes(model));
    Engine engine = new Engine(backend);
    JavaRDD<Row> rows =
        files
            .javaRDD()
            .mapPartitions(
                part -> {
                  List<Row> answers = new ArrayList<>();
                  if (part.hasNext()) {
                    engine.use(
                        asked -> {
                          Answers.of(sent.value(), asked).all(part, answers);
                          return answers;
                        });
                  }
                  return answers.iterator();
                });
    return spark.createDataFrame(rows, SCHEMA);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Answers in mini-batches. */
  private record Answers(Model model, Backend backend) {
    static Answers of(byte[] model, Backend backend) {
      Function<Path, Model> load =
          folder -> {
            try {
              Files.write(folder, model);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            return Model.load(folder);
          };
      return new Answers(Partial.inFolder(load), backend);
    }

    void all(Iterator<Row> rows, List<Row> answers) {
      int side = model.network().height();
      int bytes = 3 * side * side;
      byte[] pixels = new byte[MINI_BATCH * bytes];
      List<String> names = new ArrayList<>();
      try (Predictor predictor = model.open(backend, MINI_BATCH)) {
        while (rows.hasNext()) {
          Row row = rows.next();
          String name = row.getString(0);
          try {
            ImageDecoder.decode((byte[]) row.get(1), name, side, pixels, names.size() * bytes);
            names.add(name);
          } catch (ImageException e) {
            answers.add(RowFactory.create(name, null, null, null, e.getMessage()));
          }
          if (names.size() == MINI_BATCH || (!rows.hasNext() && !names.isEmpty())) {
            answer(predictor, pixels, names, answers);
            names.clear();
          }
        }
      }
    }

    private void answer(Predictor predictor, byte[] pixels, List<String> names, List<Row> answers) {
      int classes = model.classes().size();
      double[] all = predictor.probabilities(pixels, names.size());
      for (int row = 0; row < names.size(); row++) {
        Double[] one = new Double[classes];
        int best = 0;
        for (int k = 0; k < classes; k++) {
          one[k] = all[row * classes + k];
          best = one[k] > one[best] ? k : best;
        }
        Object[] values = new Object[COLUMNS];
        values[0] = names.get(row);
        values[1] = model.classes().get(best);
        values[2] = one[best];
        values[3] = one;
        answers.add(RowFactory.create(values));
      }
    }
  }
}
