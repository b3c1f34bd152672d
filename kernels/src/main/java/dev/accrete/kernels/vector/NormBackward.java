package dev.accrete.kernels.vector;

import static dev.accrete.kernels.vector.Lanes.BLOCK;
import static dev.accrete.kernels.vector.Lanes.SPECIES;
import static dev.accrete.kernels.vector.Lanes.WIDTH;

import java.util.Arrays;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The gradient of a normalization, and of the ReLU behind it if there is one: {@code dz = dy} where
 * {@code scale * x + shift > 0}. One pass over x and dy sums dz and dz * (x - mean) per channel, a
 * second one writes {@code dx = k * dz + k1 * (x - mean) + k0}, usually in place of dy: 20 bytes an
 * element.
 */
final class NormBackward implements Step {
  private static final int PIXELS_PER_SUM = 1024;

  /** What of a channel the passes need; filled anew in every run, 0 in padding lanes. */
  static final class Coefficients {
    final float[] mean;
    final float[] k;
    final float[] k0;
    final float[] k1;

    Coefficients(int channels) {
      int padded = Math.ceilDiv(channels, BLOCK) * BLOCK;
      mean = new float[padded];
      k = new float[padded];
      k0 = new float[padded];
      k1 = new float[padded];
    }
  }

  /** How a normalization turns sums into coefficients and gradients of gamma and beta. */
  interface Rule {
    /** Fills the means, before the first pass. */
    void prepare(Coefficients coefficients);

    /**
     * Takes the sums of dz and of dz * (x - mean) of channel {@code c} over {@code count} values.
     */
    void finish(int c, double sum, double product, double count, Coefficients coefficients);
  }

  private final TileRunner runner;
  private final ChannelTiles tiles;
  private final Operand x;
  private final Operand dy;
  private final Operand dx;
  private final Rule rule;
  private final ChannelAffine mask;
  private final boolean masked;
  private final Coefficients coefficients;
  private final double[] sums;
  private final double[] products;
  private final TileBody reduce = this::reduce;
  private final TileBody apply = this::apply;

  NormBackward(
      TileRunner runner,
      Operand x,
      Operand dy,
      Operand dx,
      Rule rule,
      Optional<ChannelAffine> relu) {
    this.runner = runner;
    this.x = x;
    this.dy = dy;
    this.dx = dx;
    this.rule = rule;
    masked = relu.isPresent();
    tiles = new ChannelTiles(x.shape());
    mask = relu.orElseGet(() -> ChannelAffine.ofChannels(tiles.channels, false));
    coefficients = new Coefficients(tiles.channels);
    sums = new double[tiles.tiles() * BLOCK];
    products = new double[tiles.tiles() * BLOCK];
    runner.reserve(2 * BLOCK);
  }

  @Override
  public void run() {
    rule.prepare(coefficients);
    runner.run(tiles.tiles(), reduce);
    for (int c = 0; c < tiles.channels; c++) {
      double sum = 0;
      double product = 0;
      for (int group = 0; group < tiles.groups; group++) {
        int at = (group * tiles.blocks + c / BLOCK) * BLOCK + c % BLOCK;
        sum += sums[at];
        product += products[at];
      }
      rule.finish(c, sum, product, tiles.count(), coefficients);
    }
    runner.run(tiles.tiles(), apply);
  }

  private void reduce(int tile, Scratch scratch) {
    int at = tile * BLOCK;
    Arrays.fill(sums, at, at + BLOCK, 0);
    Arrays.fill(products, at, at + BLOCK, 0);
    float[] partial = scratch.floats(2 * BLOCK);
    int to = tiles.to(tile);
    int chunk = PIXELS_PER_SUM * BLOCK;
    int together = Math.max(1, chunk / tiles.plane);
    for (int image = tiles.from(tile); image < to; image += together) {
      int until = Math.min(to, image + together);
      for (int start = 0; start < tiles.plane; start += chunk) {
        int end = Math.min(tiles.plane, start + chunk);
        for (int lane = 0; lane < BLOCK; lane += WIDTH) {
          if (masked) {
            sumMasked(tile, image, until, start, end, lane, partial);
          } else {
            sum(tile, image, until, start, end, lane, partial);
          }
        }
        for (int i = 0; i < BLOCK; i++) {
          sums[at + i] += partial[i];
          products[at + i] += partial[BLOCK + i];
        }
      }
    }
  }

  private void sum(int tile, int image, int until, int start, int end, int lane, float[] partial) {
    int channel = tiles.block(tile) * BLOCK + lane;
    FloatVector mean = FloatVector.fromArray(SPECIES, coefficients.mean, channel);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector product = sum;
    for (int n = image; n < until; n++) {
      int plane = tiles.start(n, tiles.block(tile)) + lane;
      for (int i = plane + start; i < plane + end; i += BLOCK) {
        FloatVector centred = FloatVector.fromArray(SPECIES, x.floats, x.offset + i).sub(mean);
        FloatVector dz = FloatVector.fromArray(SPECIES, dy.floats, dy.offset + i);
        sum = sum.add(dz);
        product = dz.fma(centred, product);
      }
    }
    sum.intoArray(partial, lane);
    product.intoArray(partial, BLOCK + lane);
  }

  private void sumMasked(
      int tile, int image, int until, int start, int end, int lane, float[] partial) {
    int channel = tiles.block(tile) * BLOCK + lane;
    float[] xs = x.floats;
    float[] dys = dy.floats;
    int dyShift = dy.offset - x.offset;
    FloatVector scale = FloatVector.fromArray(SPECIES, mask.scale, channel);
    FloatVector shift = FloatVector.fromArray(SPECIES, mask.shift, channel);
    FloatVector mean = FloatVector.fromArray(SPECIES, coefficients.mean, channel);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector sum0 = zero;
    FloatVector product0 = zero;
    FloatVector sum1 = zero;
    FloatVector product1 = zero;
    for (int n = image; n < until; n++) {
      int plane = x.offset + tiles.start(n, tiles.block(tile)) + lane;
      int i = plane + start;
      int stop = plane + end;
      for (; i + BLOCK < stop; i += 2 * BLOCK) {
        FloatVector a = FloatVector.fromArray(SPECIES, xs, i);
        FloatVector b = FloatVector.fromArray(SPECIES, xs, i + BLOCK);
        VectorMask<Float> onA = a.fma(scale, shift).compare(VectorOperators.GT, 0f);
        VectorMask<Float> onB = b.fma(scale, shift).compare(VectorOperators.GT, 0f);
        FloatVector dzA = zero.blend(FloatVector.fromArray(SPECIES, dys, dyShift + i), onA);
        FloatVector dzB = zero.blend(FloatVector.fromArray(SPECIES, dys, dyShift + i + BLOCK), onB);
        sum0 = sum0.add(dzA);
        product0 = a.sub(mean).fma(dzA, product0);
        sum1 = sum1.add(dzB);
        product1 = b.sub(mean).fma(dzB, product1);
      }
      if (i < stop) {
        FloatVector a = FloatVector.fromArray(SPECIES, xs, i);
        VectorMask<Float> on = a.fma(scale, shift).compare(VectorOperators.GT, 0f);
        FloatVector dz = zero.blend(FloatVector.fromArray(SPECIES, dys, dyShift + i), on);
        sum0 = sum0.add(dz);
        product0 = a.sub(mean).fma(dz, product0);
      }
    }
    sum0.add(sum1).intoArray(partial, lane);
    product0.add(product1).intoArray(partial, BLOCK + lane);
  }

  private void apply(int tile, Scratch scratch) {
    for (int n = tiles.from(tile); n < tiles.to(tile); n++) {
      int plane = tiles.start(n, tiles.block(tile));
      for (int lane = 0; lane < BLOCK; lane += WIDTH) {
        if (masked) {
          applyMasked(tiles.block(tile) * BLOCK + lane, plane + lane);
        } else {
          apply(tiles.block(tile) * BLOCK + lane, plane + lane);
        }
      }
    }
  }

  private void apply(int channel, int plane) {
    FloatVector mean = FloatVector.fromArray(SPECIES, coefficients.mean, channel);
    FloatVector k = FloatVector.fromArray(SPECIES, coefficients.k, channel);
    FloatVector k0 = FloatVector.fromArray(SPECIES, coefficients.k0, channel);
    FloatVector k1 = FloatVector.fromArray(SPECIES, coefficients.k1, channel);
    for (int i = plane; i < plane + tiles.plane; i += BLOCK) {
      FloatVector centred = FloatVector.fromArray(SPECIES, x.floats, x.offset + i).sub(mean);
      FloatVector dz = FloatVector.fromArray(SPECIES, dy.floats, dy.offset + i);
      centred.fma(k1, dz.fma(k, k0)).intoArray(dx.floats, dx.offset + i);
    }
  }

  private void applyMasked(int channel, int plane) {
    float[] xs = x.floats;
    float[] dys = dy.floats;
    float[] dxs = dx.floats;
    int dyShift = dy.offset - x.offset;
    int dxShift = dx.offset - x.offset;
    FloatVector scale = FloatVector.fromArray(SPECIES, mask.scale, channel);
    FloatVector shift = FloatVector.fromArray(SPECIES, mask.shift, channel);
    FloatVector mean = FloatVector.fromArray(SPECIES, coefficients.mean, channel);
    FloatVector k = FloatVector.fromArray(SPECIES, coefficients.k, channel);
    FloatVector k0 = FloatVector.fromArray(SPECIES, coefficients.k0, channel);
    FloatVector k1 = FloatVector.fromArray(SPECIES, coefficients.k1, channel);
    FloatVector zero = FloatVector.zero(SPECIES);
    int end = x.offset + plane + tiles.plane;
    for (int i = x.offset + plane; i < end; i += BLOCK) {
      FloatVector value = FloatVector.fromArray(SPECIES, xs, i);
      VectorMask<Float> on = value.fma(scale, shift).compare(VectorOperators.GT, 0f);
      FloatVector dz = zero.blend(FloatVector.fromArray(SPECIES, dys, dyShift + i), on);
      value.sub(mean).fma(k1, dz.fma(k, k0)).intoArray(dxs, dxShift + i);
    }
  }
}
