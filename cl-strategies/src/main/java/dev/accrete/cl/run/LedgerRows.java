package dev.accrete.cl.run;

import dev.accrete.cl.strategy.Cost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of a ledger as one array of numbers: the width of a row, then the rows. */
final class LedgerRows {
  private static final int FIXED = 12;

  private LedgerRows() {}

  static long[] pack(List<LedgerRow> rows) {
    int groups = rows.stream().mapToInt(row -> row.groupAccuracy().size()).max().orElse(0);
    int width = FIXED + groups;
    long[] packed = new long[1 + rows.size() * width];
    packed[0] = width;
    for (int i = 0; i < rows.size(); i++) {
      LedgerRow row = rows.get(i);
      Cost cost = row.cost();
      long[] fixed = {
        row.experience(),
        row.images(),
        row.classes(),
        row.classesSeen(),
        Double.doubleToRawLongBits(row.accuracy()),
        cost.macs(),
        Double.doubleToRawLongBits(cost.seconds()),
        cost.peakBytes(),
        cost.imagesSeen(),
        cost.imagesHeld(),
        cost.epochs(),
        row.groupAccuracy().size()
      };
      int at = 1 + i * width;
      System.arraycopy(fixed, 0, packed, at, FIXED);
      for (int g = 0; g < row.groupAccuracy().size(); g++) {
        packed[at + FIXED + g] = Double.doubleToRawLongBits(row.groupAccuracy().get(g));
      }
    }
    return packed;
  }

  static List<LedgerRow> unpack(String strategy, long[] packed) {
    int width = (int) packed[0];
    List<LedgerRow> rows = new ArrayList<>();
    for (int at = 1; at < packed.length; at += width) {
      int groupsAt = at + FIXED;
      List<Double> groups =
          Arrays.stream(packed, groupsAt, groupsAt + (int) packed[at + FIXED - 1])
              .mapToObj(Double::longBitsToDouble)
              .toList();
      Cost cost =
          new Cost(
              packed[at + 5],
              Double.longBitsToDouble(packed[at + 6]),
              packed[at + 7],
              (int) packed[at + 8],
              (int) packed[at + 9],
              (int) packed[at + 10]);
      rows.add(
          new LedgerRow(
              strategy,
              (int) packed[at],
              (int) packed[at + 1],
              (int) packed[at + 2],
              (int) packed[at + 3],
              Double.longBitsToDouble(packed[at + 4]),
              groups,
              cost));
    }
    return rows;
  }
}
