package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.List;

/**
 * Stores latents in cells of a bank; the other cells stay as they are.
 *
 * <p>Inputs: latents f32 [N, latent...], cells i32[N], and one bank as {@link StoredLatents}
 * describes it. Results: the bank, and its ranges if it has them. Latent i goes to cell {@code
 * cells[i]}, or nowhere if that is negative. No cell may be named twice.
 */
public record ScatterLatents() implements Op {
  private static final int BANK = 2;

  @Override
  public List<TensorType> infer(List<TensorType> inputs) {
    Shape latents = Operands.f32(this, inputs, 0, "latents");
    Shape cells = Operands.typed(this, inputs, 1, "cells", DType.I32);
    StoredLatents bank = bank(inputs);
    Operands.shape(this, "latents", latents, bank.ofCells(latents.dim(0)));
    Operands.shape(this, "cells", cells, Shape.of(latents.dim(0)));
    return inputs.subList(BANK, inputs.size());
  }

  /** The bank among operands of these types. */
  public StoredLatents bank(List<TensorType> inputs) {
    List<StoredLatents> banks = StoredLatents.of(this, inputs, BANK);
    Operands.require(banks.size() == 1, "ScatterLatents stores in one bank, got " + inputs);
    return banks.getFirst();
  }

  @Override
  public int inPlaceInput(int output) {
    return BANK + output;
  }
}
