package dev.accrete.kernels.vector.op;

import dev.accrete.core.Shape;
import dev.accrete.core.op.StoredLatents;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileBody;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.tensor.Lanes;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;
import java.util.List;

/**
 * Latents into and out of their banks, one latent per tile: they move once, from the bank to the
 * layout that their user wants or back, and are coded on the way.
 */
public final class Latents {
  private Latents() {}

  /** Fills the rows of y. */
  public static Step gather(
      TileRunner runner, List<StoredLatents> banks, List<Operand> operands, Operand y) {
    Operand rows = operands.getFirst();
    Shape one = y.shape().withDim(0, 1);
    TileBody body =
        (row, scratch) -> {
          int wanted = rows.ints[rows.offset + row];
          for (StoredLatents bank : banks) {
            int cell = wanted - bank.first();
            if (cell >= 0 && cell < bank.cells()) {
              Operand stored = operands.get(bank.operand());
              if (bank.coded()) {
                decode(bank, stored, operands.get(bank.operand() + 1), cell, y, row);
              } else {
                read(bank, stored, cell, y, row, one);
              }
            }
          }
        };
    return () -> runner.run(y.shape().dim(0), body);
  }

  private static void read(
      StoredLatents bank, Operand stored, int cell, Operand y, int row, Shape one) {
    int from = stored.offset + cell * bank.length();
    if (y.layout == Layout.CANONICAL) {
      int to = y.offset + row * bank.length();
      System.arraycopy(stored.floats, from, y.floats, to, bank.length());
    } else {
      Copies.block(stored.floats, from, one, y.floats, imageAt(y, row), 0);
    }
  }

  private static void decode(
      StoredLatents bank, Operand codes, Operand ranges, int cell, Operand y, int row) {
    if (y.layout == Layout.BLOCKED && y.shape().dim(1) % Lanes.BLOCK != 0) {
      int from = imageAt(y, row);
      Arrays.fill(y.floats, from, from + imageLength(y), 0f);
    }
    int positions = bank.positions();
    for (int c = 0; c < bank.channels(); c++) {
      int range = ranges.offset + 2 * (cell * bank.channels() + c);
      float least = ranges.floats[range];
      float step = ranges.floats[range + 1];
      int from = codes.offset + cell * bank.length() + c * positions;
      int to = channelAt(bank, y, row, c);
      int stride = stride(y);
      for (int i = 0; i < positions; i++) {
        y.floats[to + i * stride] = least + (codes.bytes[from + i] & 0xFF) * step;
      }
    }
  }

  /** Stores the rows of latents. */
  public static Step scatter(
      TileRunner runner, StoredLatents bank, Operand latents, Operand cells, List<Operand> out) {
    Shape one = latents.shape().withDim(0, 1);
    TileBody body =
        (row, scratch) -> {
          int cell = cells.ints[cells.offset + row];
          if (cell < 0) {
            return;
          }
          if (bank.coded()) {
            encode(bank, latents, row, cell, out.get(0), out.get(1));
          } else {
            write(bank, latents, row, cell, out.get(0), one);
          }
        };
    return () -> runner.run(latents.shape().dim(0), body);
  }

  private static void write(
      StoredLatents bank, Operand latents, int row, int cell, Operand stored, Shape one) {
    int to = stored.offset + cell * bank.length();
    if (latents.layout == Layout.CANONICAL) {
      int from = latents.offset + row * bank.length();
      System.arraycopy(latents.floats, from, stored.floats, to, bank.length());
    } else {
      Copies.unblock(latents.floats, imageAt(latents, row), one, stored.floats, to);
    }
  }

  private static void encode(
      StoredLatents bank, Operand latents, int row, int cell, Operand codes, Operand ranges) {
    float[] values = latents.floats;
    int positions = bank.positions();
    int stride = stride(latents);
    for (int c = 0; c < bank.channels(); c++) {
      int from = channelAt(bank, latents, row, c);
      float least = values[from];
      float greatest = least;
      for (int i = 0; i < positions; i++) {
        least = Math.min(least, values[from + i * stride]);
        greatest = Math.max(greatest, values[from + i * stride]);
      }
      float step = (greatest - least) / StoredLatents.STEPS;
      int range = ranges.offset + 2 * (cell * bank.channels() + c);
      ranges.floats[range] = least;
      ranges.floats[range + 1] = step;
      int to = codes.offset + cell * bank.length() + c * positions;
      for (int i = 0; i < positions; i++) {
        codes.bytes[to + i] = code(values[from + i * stride] - least, step);
      }
    }
  }

  private static byte code(float above, float step) {
    return step == 0 ? 0 : (byte) Math.min(StoredLatents.STEPS, Math.round(above / step));
  }

  /** Where the first element of a channel with a range of its own lies. */
  private static int channelAt(StoredLatents bank, Operand latents, int row, int c) {
    int from = imageAt(latents, row);
    return stride(latents) == 1
        ? from + c * bank.positions()
        : from + c / Lanes.BLOCK * bank.positions() * Lanes.BLOCK + c % Lanes.BLOCK;
  }

  /** From one element of such a channel to the next; features lie alike in both layouts. */
  private static int stride(Operand latents) {
    boolean blocked = latents.layout == Layout.BLOCKED && latents.shape().spatialSize() > 1;
    return blocked ? Lanes.BLOCK : 1;
  }

  private static int imageAt(Operand latents, int row) {
    return latents.offset + row * imageLength(latents);
  }

  private static int imageLength(Operand latents) {
    return latents.length() / latents.shape().dim(0);
  }
}
