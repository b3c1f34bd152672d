package dev.accrete.core.op;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A bank of latents among the operands of an op: cells of one shape, of which each holds the
 * activations of one image, in canonical order.
 *
 * <p>A bank is either values f32 [cells, latent...], or codes u8 [cells, latent...] followed by
 * ranges f32 [cells, 2 * channels]. There the channels are those of a latent C x H x W; a latent
 * without extents is one channel. For each channel of each cell the ranges hold the least value and
 * the step, a 255th of what is between the least and the greatest value. A code is {@code
 * round((value - least) / step)}, halves upwards, at most 255, and 0 where the step is 0; it stands
 * for {@code least + code * step}. All of that is computed in single precision, every operation
 * rounded by itself, so that all backends store and give the same bits.
 *
 * @param operand the index of values or codes
 * @param first how many cells the banks before have
 * @param shape [cells, latent...]
 * @param coded whether these are codes, with their ranges as the next operand
 */
public record StoredLatents(int operand, int first, Shape shape, boolean coded) {
  /** The greatest code. */
  public static final int STEPS = 255;

  /** How many latents there is room for. */
  public int cells() {
    return shape.dim(0);
  }

  /** The numbers of one latent. */
  public int length() {
    return shape.size() / cells();
  }

  /** The channels of one latent, each with a range of its own where latents are coded. */
  public int channels() {
    return channels(length(), shape.dim(1));
  }

  /** The numbers of one channel of one latent. */
  public int positions() {
    return length() / channels();
  }

  /** How many channels with ranges of their own a latent of this shape has. */
  public static int channels(Shape latent) {
    return channels(latent.size(), latent.dim(0));
  }

  private static int channels(int length, int outermost) {
    return length > outermost ? outermost : 1;
  }

  /**
   * The banks that operands {@code from} on are.
   *
   * @throws IllegalArgumentException if they are none, or hold latents of different shapes
   */
  public static List<StoredLatents> of(Op op, List<TensorType> inputs, int from) {
    List<StoredLatents> banks = new ArrayList<>();
    int first = 0;
    int next = from;
    while (next < inputs.size()) {
      TensorType type = inputs.get(next);
      Operands.require(
          type.shape().rank() >= 2 && type.dtype() != DType.I32,
          op.name() + ": a bank must be f32 or u8 [cells, latent...], is " + type);
      StoredLatents bank = new StoredLatents(next, first, type.shape(), type.dtype() == DType.U8);
      if (!banks.isEmpty()) {
        Operands.shape(op, "a later bank", bank.shape, banks.getFirst().ofCells(bank.cells()));
      }
      if (bank.coded) {
        Operands.require(next + 1 < inputs.size(), op.name() + ": codes come without ranges");
        Shape ranges = Shape.of(bank.cells(), 2 * bank.channels());
        Operands.shape(op, inputs, next + 1, "ranges", ranges);
      }
      banks.add(bank);
      first = Math.addExact(first, bank.cells());
      next += bank.coded ? 2 : 1;
    }
    Operands.require(!banks.isEmpty(), op.name() + ": there is no bank");
    return banks;
  }

  /** The shape of {@code count} of these latents. */
  Shape ofCells(int count) {
    return shape.withDim(0, count);
  }
}
