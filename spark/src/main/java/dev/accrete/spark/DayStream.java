package dev.accrete.spark;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.production.drift.DriftMonitor;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.policy.IngestPolicy;
import dev.accrete.production.store.Day;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoredImages;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * Takes images into a production store as they arrive: each micro-batch is a day.
 *
 * <p>Days are checked as {@code accrete ingest} checks them, drift by the store's policy included.
 *
 * <p>Exactly once, whatever is delivered again, with its checkpoint or without: a day is called by
 * the digest of its batch, so that a batch is known by its name; and of a batch that was cut
 * otherwise, images that the store has under this label are left out. (Numbers of batches begin
 * anew with a new checkpoint, and a day of the same name with other content would replace the old.)
 */
public final class DayStream {
  private static final Logger LOG = System.getLogger(DayStream.class.getName());
  private static final int NAME_LENGTH = 16;

  private static final StructType FILES =
      StructType.fromDDL("path STRING, modificationTime TIMESTAMP, length BIGINT, content BINARY");

  private DayStream() {}

  /**
   * Where days go.
   *
   * @param store a store's folder, on the driver
   * @param prefix of the names of days
   * @param checkpoint a folder of Spark's
   * @param once whether the stream ends when all that is there now is in
   * @param newClasses whether labels that are not declared become classes; else as the policy says
   * @param backend a name of {@link dev.accrete.core.Backends}; looks at images for drift
   */
  public record Target(
      Path store,
      String prefix,
      String checkpoint,
      boolean once,
      boolean newClasses,
      String backend) {}

  /**
   * What became of a batch.
   *
   * @param day its name
   * @param known images left out, for the store has them under this label
   * @param report how the others came in or were refused; empty if there were none
   */
  public record Arrival(String day, int known, Optional<DayReport> report) {}

  /**
   * Starts to read a folder of class folders.
   *
   * @param mostFiles of a day
   * @param listener hears of every batch
   */
  public static StreamingQuery start(
      SparkSession spark, String folder, int mostFiles, Target target, Consumer<Arrival> listener)
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
    return start(LabelledFiles.ofBinaryFiles(files), target, listener);
  }

  /**
   * The same of a stream from anywhere, such as Kafka.
   *
   * @param images with the columns of {@link LabelledFiles}
   * @throws dev.accrete.core.AccreteException if there is no store
   */
  public static StreamingQuery start(Dataset<Row> images, Target target, Consumer<Arrival> listener)
      throws TimeoutException {
    requireStore(target.store());
    Engine engine = Engine.of(images.sparkSession(), target.backend());
    DataStreamWriter<Row> writer =
        LabelledFiles.require(images, "the stream")
            .writeStream()
            .option("checkpointLocation", target.checkpoint())
            .foreachBatch(
                (batch, id) -> {
                  List<EncodedImage> day =
                      batch.collectAsList().stream().map(EncodedImage::new).toList();
                  ingest(day, target, engine.backend()).ifPresent(listener);
                });
    return (target.once() ? writer.trigger(Trigger.AvailableNow()) : writer).start();
  }

  /** Said here, in a line, and not by the first batch. */
  private static void requireStore(Path folder) {
    try (Store store = Store.open(folder)) {
      LOG.log(Level.DEBUG, "days go to {0}", store.folder());
    }
  }

  /** Takes a day in, if there is anything new; it is on the driver as a whole, as the store is. */
  static Optional<Arrival> ingest(List<EncodedImage> batch, Target target, Backend backend) {
    if (batch.isEmpty()) {
      return Optional.empty();
    }
    String name = target.prefix() + "-" + digest(batch);
    try (Store store = Store.open(target.store())) {
      Optional<Day> there = store.day(name);
      if (there.isPresent() && there.get().state() != DayState.REFUSED) {
        return Optional.of(new Arrival(name, batch.size(), Optional.empty()));
      }
      Set<String> known = known(store);
      List<Item> items =
          batch.stream()
              .filter(image -> !known.contains(key(image)))
              .sorted(Comparator.comparing(EncodedImage::name))
              .map(image -> Item.of(image.name(), image.label().orElse(""), image::bytes))
              .toList();
      int left = batch.size() - items.size();
      return Optional.of(
          new Arrival(
              name,
              left,
              items.isEmpty()
                  ? Optional.empty()
                  : Optional.of(ingest(store, Source.of(name, items), target, backend))));
    }
  }

  private static DayReport ingest(Store store, Source day, Target target, Backend backend) {
    IngestPolicy policy = store.policy().ingest();
    boolean open = target.newClasses() || policy.newClasses() == IngestPolicy.NewClasses.ALLOW;
    return store.ingest(
        day,
        new IngestOptions(Optional.empty(), open, false),
        new DriftMonitor(store, policy, backend),
        ProgressListener.NONE);
  }

  /** Images that the store has, under the labels that they came with. */
  private static Set<String> known(Store store) {
    Set<String> known = new HashSet<>();
    try (StoredImages images = store.images()) {
      for (int i = 0; i < images.size(); i++) {
        known.add(key(images.image(i).sha256(), images.image(i).sourceClass()));
      }
    }
    return known;
  }

  /** The same for the same images and labels, in whatever order. */
  private static String digest(List<EncodedImage> batch) {
    List<String> each = batch.stream().map(DayStream::key).sorted().toList();
    return sha256(String.join("\n", each).getBytes(StandardCharsets.UTF_8))
        .substring(0, NAME_LENGTH);
  }

  private static String key(EncodedImage image) {
    return key(sha256(image.bytes()), image.label().orElse(""));
  }

  private static String key(String sha256, String label) {
    return sha256 + " " + label;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
