package dev.accrete.spark;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.Store;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;

/**
 * Takes images into a production store as they arrive: each micro-batch is a day. A day is called
 * by the digest of its content and comes in as a whole or not at all, and the store knows every
 * image, so that whatever is delivered again, with its checkpoint or without, changes nothing.
 */
public final class DayStream {
  private static final int NAME_BYTES = 8;

  private static final StructType FILES =
      StructType.fromDDL("path STRING, modificationTime TIMESTAMP, length BIGINT, content BINARY");

  private DayStream() {}

  /**
   * Starts to read a folder of class folders.
   *
   * @param prefix of the names of days
   * @param mostFiles of a day
   * @param checkpoint a folder of Spark's
   * @param once whether it ends when what is there now is in
   * @param listener hears of every day
   */
  public static StreamingQuery start(
      SparkSession spark,
      String folder,
      Path store,
      String prefix,
      int mostFiles,
      String checkpoint,
      boolean once,
      Consumer<DayReport> listener)
      throws TimeoutException {
    Dataset<Row> files =
        spark
            .readStream()
            .format("binaryFile")
            .schema(FILES)
            .option("pathGlobFilter", LabelledFiles.GLOB)
            .option("recursiveFileLookup", "true")
            .option("maxFilesPerTrigger", mostFiles)
            .load(folder);
    return start(LabelledFiles.rows(files), store, prefix, checkpoint, once, listener);
  }

  /**
   * The same of a stream from anywhere, such as Kafka, with the columns of {@link LabelledFiles}.
   */
  public static StreamingQuery start(
      Dataset<Row> images,
      Path store,
      String prefix,
      String checkpoint,
      boolean once,
      Consumer<DayReport> listener)
      throws TimeoutException {
    DataStreamWriter<Row> writer =
        images
            .writeStream()
            .option("checkpointLocation", checkpoint)
            .foreachBatch(
                (day, id) -> {
                  List<Row> rows = day.collectAsList();
                  if (!rows.isEmpty()) {
                    listener.accept(ingest(rows, store, prefix));
                  }
                });
    return (once ? writer.trigger(Trigger.AvailableNow()) : writer).start();
  }

  /** Takes a day in; it is on the driver as a whole, as the store is. */
  static DayReport ingest(List<Row> rows, Path store, String prefix) {
    List<Item> items = new ArrayList<>();
    for (Row row : rows.stream().sorted(Comparator.comparing(row -> row.getString(0))).toList()) {
      byte[] content = (byte[]) row.get(2);
      items.add(Item.of(row.getString(0), row.getString(1), () -> content));
    }
    try (Store open = Store.open(store)) {
      return open.ingest(
          Source.of(prefix + "-" + digest(rows), items),
          IngestOptions.defaults().withNewClasses(),
          ProgressListener.NONE);
    }
  }

  /** The same for the same images and labels, in whatever order. */
  private static String digest(List<Row> rows) {
    List<String> each =
        rows.stream()
            .map(row -> row.getString(1) + " " + sha((byte[]) row.get(2)))
            .sorted()
            .toList();
    return sha(String.join("\n", each).getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .substring(0, 2 * NAME_BYTES);
  }

  private static String sha(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
