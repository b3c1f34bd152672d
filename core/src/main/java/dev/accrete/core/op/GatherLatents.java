package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * A mini-batch of latents from the banks they are kept in (Pellegrini et al., "Latent Replay for
 * Real-Time Continual Learning", IROS 2020).
 *
 * <p>Inputs: rows i32[N], then at least one bank as {@link StoredLatents} describes them. Result:
 * latents f32 [N, latent...], of which row i is what cell {@code rows[i]} holds, where the cells of
 * all banks are counted through. Every row must name a cell.
 */
public record GatherLatents() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Shape rows = Operands.typed(this, inputs, 0, "rows", DType.I32);
    Operands.require(rows.rank() == 1, "GatherLatents: rows must have rank 1, are " + rows);
    StoredLatents bank = StoredLatents.of(this, inputs, 1).getFirst();
    return List.of(TensorType.f32(bank.ofCells(rows.size())));
  }
}
