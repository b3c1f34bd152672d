package dev.accrete.spark;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;

/** Rows up to one at which the task fails, unless that is the end. */
final class FailingRows implements Iterator<Row> {
  private final List<Row> rows;
  private final int until;
  private int next;

  FailingRows(List<Row> rows, int until) {
    this.rows = rows;
    this.until = until;
  }

  @Override
  public boolean hasNext() {
    return next < rows.size();
  }

  @Override
  public Row next() {
    if (next == until) {
      throw new IllegalStateException("this task fails, as the test wants it to");
    }
    return rows.get(next++);
  }
}
