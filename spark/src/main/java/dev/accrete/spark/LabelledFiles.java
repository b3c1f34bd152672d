package dev.accrete.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;

import dev.accrete.cl.data.DataException;
import dev.accrete.nn.image.ImageDecoder;
import dev.accrete.production.ingest.Csv;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Encoded images as rows: {@value #NAME} and {@value #LABEL} (strings), {@value #CONTENT} (bytes)
 * and {@value #ERROR} (a string), which says why there is no content and may be missing.
 */
public final class LabelledFiles {
  /** What an image is called in reports: its path, where it is a file. */
  public static final String NAME = "name";

  /** Its class. */
  public static final String LABEL = "label";

  /** The file's bytes: JPEG, PNG, WebP, BMP or GIF. */
  public static final String CONTENT = "content";

  /** Why there are none. */
  public static final String ERROR = "error";

  static final int AT_NAME = 0;
  static final int AT_LABEL = 1;
  static final int AT_CONTENT = 2;
  static final int AT_ERROR = 3;

  /** What an image's file name ends with. */
  static final String GLOB = "*.{jpg,jpeg,png,webp,bmp,gif,JPG,JPEG,PNG,WEBP,BMP,GIF}";

  private static final int COLUMNS = 4;
  private static final String LOCAL = "file";

  private static final StructType SCHEMA =
      new StructType()
          .add(NAME, DataTypes.StringType)
          .add(LABEL, DataTypes.StringType)
          .add(CONTENT, DataTypes.BinaryType)
          .add(ERROR, DataTypes.StringType);

  private LabelledFiles() {}

  /**
   * Images in a folder, a Parquet table ({@code NAME.parquet}) or a manifest ({@code NAME.csv}), as
   * the name tells; on any file system that Spark reads. In a partition for each core that there is
   * now.
   */
  public static Dataset<Row> of(SparkSession spark, String source) {
    return of(spark, source, Partitions.wanted(spark));
  }

  /**
   * The same in so many partitions, or fewer: a table's file is not divided for it.
   *
   * @throws IllegalArgumentException if that is below 1
   */
  public static Dataset<Row> of(SparkSession spark, String source, int partitions) {
    String name = source.toLowerCase(Locale.ROOT);
    if (name.endsWith(".parquet")) {
      return ofParquet(spark, source).coalesce(partitions);
    }
    return name.endsWith(".csv")
        ? ofManifest(spark, source, partitions)
        : ofFolder(spark, source, partitions);
  }

  /**
   * Images in a folder of class folders, or in one folder, whose name is then the class. Executors
   * read the files; one of a local file system that they cannot read is a row with the reason.
   */
  public static Dataset<Row> ofFolder(SparkSession spark, String folder) {
    return ofFolder(spark, folder, Partitions.wanted(spark));
  }

  private static Dataset<Row> ofFolder(SparkSession spark, String folder, int partitions) {
    Dataset<Row> files =
        spark
            .read()
            .format("binaryFile")
            .option("pathGlobFilter", GLOB)
            .option("recursiveFileLookup", "true")
            .load(folder);
    Path place = qualified(new Path(folder), spark.sparkContext().hadoopConfiguration());
    if (!LOCAL.equals(place.toUri().getScheme())) {
      return ofBinaryFiles(files).coalesce(partitions);
    }
    // Spark takes longer to read a small file than it takes to decode it; what Spark knows better,
    // which executor is near to a file, counts elsewhere only.
    List<Row> places =
        Arrays.stream(files.inputFiles())
            .map(file -> new Path(URI.create(file)))
            .sorted()
            .map(file -> RowFactory.create(file.toString(), file.getParent().getName()))
            .toList();
    return ofPlaces(spark, places, partitions);
  }

  /** Rows of Spark's source {@code binaryFile}, read or streamed. */
  static Dataset<Row> ofBinaryFiles(Dataset<Row> files) {
    return files.select(
        col("path").as(NAME),
        regexp_extract(col("path"), "([^/]+)/[^/]+$", 1).as(LABEL),
        col("content").as(CONTENT),
        lit(null).cast(DataTypes.StringType).as(ERROR));
  }

  /**
   * Images in a Parquet table.
   *
   * @throws DataException if it lacks a column
   */
  public static Dataset<Row> ofParquet(SparkSession spark, String table) {
    return require(spark.read().parquet(table), table);
  }

  /**
   * Images that a CSV names: the header {@code path,label}, then a line for each; paths are
   * relative to it. Executors read the files; one that they cannot read is a row with the reason.
   *
   * @throws DataException if it is no such file
   */
  public static Dataset<Row> ofManifest(SparkSession spark, String manifest) {
    return ofManifest(spark, manifest, Partitions.wanted(spark));
  }

  private static Dataset<Row> ofManifest(SparkSession spark, String manifest, int partitions) {
    return ofPlaces(
        spark, places(manifest, spark.sparkContext().hadoopConfiguration()), partitions);
  }

  /** Files by path and label, which executors read. */
  private static Dataset<Row> ofPlaces(SparkSession spark, List<Row> places, int partitions) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    // A broadcast, for it takes longer to read than a hundred images, and is seldom wanted.
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    // Places are broadcasts as well, for Spark warns of tasks beyond a megabyte: 12,000 of them.
    int slices = Math.clamp(places.size(), 1, partitions);
    List<Broadcast<List<Row>>> sent = new ArrayList<>();
    for (int i = 0; i < slices; i++) {
      int from = (int) ((long) places.size() * i / slices);
      int to = (int) ((long) places.size() * (i + 1) / slices);
      sent.add(context.broadcast(List.copyOf(places.subList(from, to))));
    }
    JavaRDD<Row> rows =
        context
            .parallelize(sent, slices)
            .flatMap(
                slice ->
                    slice.value().stream()
                        .map(place -> read(place.getString(0), place.getString(1), hadoop))
                        .iterator());
    return spark.createDataFrame(rows, SCHEMA);
  }

  private static List<Row> places(String manifest, Configuration hadoop) {
    Path file = qualified(new Path(manifest), hadoop);
    String text;
    try (InputStream in = file.getFileSystem(hadoop).open(file)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DataException("cannot read " + manifest + ": " + e + "; check the path", e);
    }
    List<Csv.Row> lines = Csv.parse(manifest, text);
    if (lines.isEmpty() || !lines.getFirst().fields().equals(List.of("path", LABEL))) {
      throw new DataException(manifest + " does not begin with the line path,label; add it");
    }
    List<Row> places = new ArrayList<>();
    for (Csv.Row line : lines.subList(1, lines.size())) {
      List<String> fields = line.fields();
      if (fields.size() != 2 || fields.getFirst().isBlank()) {
        throw new DataException(manifest + " line " + line.line() + " is no path and label");
      }
      places.add(RowFactory.create(place(file, fields.getFirst()).toString(), fields.getLast()));
    }
    return places;
  }

  private static Path qualified(Path path, Configuration hadoop) {
    try {
      return path.getFileSystem(hadoop).makeQualified(path);
    } catch (IOException e) {
      throw new DataException("cannot read " + path + ": " + e + "; check the path", e);
    }
  }

  private static Path place(Path manifest, String name) {
    // Unless it is a URI, characters such as ':' are ones of the name.
    Path path = name.contains("://") ? new Path(name) : new Path(null, null, name);
    return new Path(manifest.getParent(), path);
  }

  private static Row read(String place, String label, Broadcast<SerializableConfiguration> hadoop) {
    try {
      return row(place, label, content(new Path(place), hadoop), null);
    } catch (IOException e) {
      return row(place, label, null, "cannot read " + place + ": " + e);
    }
  }

  private static byte[] content(Path file, Broadcast<SerializableConfiguration> hadoop)
      throws IOException {
    if (LOCAL.equals(file.toUri().getScheme())) {
      java.nio.file.Path local = java.nio.file.Path.of(file.toUri().getPath());
      if (Files.size(local) > ImageDecoder.MAX_FILE) {
        throw new IOException("no image has more than " + ImageDecoder.MAX_FILE + " bytes");
      }
      return Files.readAllBytes(local);
    }
    try (InputStream in = file.getFileSystem(hadoop.value().value()).open(file)) {
      return in.readAllBytes();
    }
  }

  private static Row row(
      String name, String label, byte @Nullable [] content, @Nullable String error) {
    return RowFactory.create(name, label, content, error);
  }

  /** The columns alone, in order; a table without {@value #ERROR} has no errors. */
  static Dataset<Row> require(Dataset<Row> images, String source) {
    List<String> there = List.of(images.columns());
    Column[] columns = new Column[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      String name = SCHEMA.fieldNames()[i];
      if (there.contains(name)) {
        columns[i] = col(name);
      } else if (i == AT_ERROR) {
        columns[i] = lit(null).cast(DataTypes.StringType).as(ERROR);
      } else {
        throw new DataException(
            source + " has no column '" + name + "', only " + there + "; rename one of them");
      }
    }
    return images.select(columns);
  }
}
