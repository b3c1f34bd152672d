package dev.accrete.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.regexp_replace;

import dev.accrete.cl.data.DataException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Encoded images as rows: {@value #NAME} and {@value #LABEL} (strings) and {@value #CONTENT}
 * (bytes). A Parquet table with these columns is read as it is.
 */
public final class LabelledFiles {
  /** What an image is called in reports. */
  public static final String NAME = "name";

  /** Its class. */
  public static final String LABEL = "label";

  /** The file's bytes: JPEG, PNG, WebP, BMP or GIF. */
  public static final String CONTENT = "content";

  /** What an image's file name ends with. */
  static final String GLOB = "*.{jpg,jpeg,png,webp,bmp,gif,JPG,JPEG,PNG,WEBP,BMP,GIF}";

  private LabelledFiles() {}

  /**
   * Images in a folder of class folders, or in one folder, whose name is then the class; any file
   * system that Spark reads.
   */
  public static Dataset<Row> ofFolder(SparkSession spark, String folder) {
    return rows(
        spark
            .read()
            .format("binaryFile")
            .option("pathGlobFilter", GLOB)
            .option("recursiveFileLookup", "true")
            .load(folder));
  }

  /** Rows of Spark's source {@code binaryFile} as labelled files. */
  static Dataset<Row> rows(Dataset<Row> files) {
    return files.select(
        regexp_replace(col("path"), "^.*/([^/]+/[^/]+)$", "$1").as(NAME),
        regexp_extract(col("path"), "([^/]+)/[^/]+$", 1).as(LABEL),
        col(CONTENT));
  }

  /**
   * Images in a Parquet table.
   *
   * @throws DataException if it lacks a column
   */
  public static Dataset<Row> ofParquet(SparkSession spark, String table) {
    return require(spark.read().parquet(table), table, NAME, LABEL, CONTENT);
  }

  /** The columns alone, in order. */
  static Dataset<Row> require(Dataset<Row> images, String source, String... columns) {
    List<String> there = List.of(images.columns());
    for (String column : columns) {
      if (!there.contains(column)) {
        throw new DataException(
            source + " has no column '" + column + "', only " + there + "; rename one of them");
      }
    }
    return images.select(columns[0], java.util.Arrays.copyOfRange(columns, 1, columns.length));
  }
}
