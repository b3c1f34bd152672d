package dev.accrete.kernels.reference;

import dev.accrete.core.TensorType;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.core.op.StoredLatents;
import java.util.List;

/**
 * Latents into and out of their banks. In single precision as the specification has it: results are
 * the same bits everywhere.
 */
final class Latents {
  private Latents() {}

  static void gather(GatherLatents op, List<Cells> in, Cells y) {
    List<StoredLatents> banks = StoredLatents.of(op, types(in), 1);
    int[] rows = in.get(0).ints();
    for (int i = 0; i < rows.length; i++) {
      for (StoredLatents bank : banks) {
        int cell = rows[i] - bank.first();
        if (cell >= 0 && cell < bank.cells()) {
          read(bank, in, cell, y, i * bank.length());
        }
      }
    }
  }

  private static void read(StoredLatents bank, List<Cells> in, int cell, Cells y, int to) {
    Cells stored = in.get(bank.operand());
    int from = cell * bank.length();
    if (!bank.coded()) {
      y.copy(to, stored, from, bank.length());
      return;
    }
    float[] ranges = in.get(bank.operand() + 1).floats();
    for (int i = 0; i < bank.length(); i++) {
      int range = 2 * (cell * bank.channels() + i / bank.positions());
      int code = Byte.toUnsignedInt(stored.bytes()[from + i]);
      y.floats()[to + i] = ranges[range] + code * ranges[range + 1];
    }
  }

  static void scatter(ScatterLatents op, List<Cells> in, List<Cells> out) {
    StoredLatents bank = op.bank(types(in));
    for (int i = 0; i < out.size(); i++) {
      Cells before = in.get(op.inPlaceInput(i));
      out.get(i).copy(0, before, 0, before.type().shape().size());
    }
    int[] cells = in.get(1).ints();
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] >= 0) {
        write(bank, in.get(0), i, cells[i], out);
      }
    }
  }

  private static void write(StoredLatents bank, Cells latents, int row, int cell, List<Cells> out) {
    if (!bank.coded()) {
      out.get(0).copy(cell * bank.length(), latents, row * bank.length(), bank.length());
      return;
    }
    float[] values = latents.floats();
    int positions = bank.positions();
    for (int c = 0; c < bank.channels(); c++) {
      int from = row * bank.length() + c * positions;
      float least = values[from];
      float greatest = least;
      for (int i = from; i < from + positions; i++) {
        least = Math.min(least, values[i]);
        greatest = Math.max(greatest, values[i]);
      }
      float step = (greatest - least) / StoredLatents.STEPS;
      int range = 2 * (cell * bank.channels() + c);
      out.get(1).floats()[range] = least;
      out.get(1).floats()[range + 1] = step;
      int to = cell * bank.length() + c * positions;
      for (int i = 0; i < positions; i++) {
        int code = step == 0 ? 0 : Math.round((values[from + i] - least) / step);
        out.get(0).bytes()[to + i] = (byte) Math.min(StoredLatents.STEPS, code);
      }
    }
  }

  private static List<TensorType> types(List<Cells> in) {
    return in.stream().map(Cells::type).toList();
  }
}
