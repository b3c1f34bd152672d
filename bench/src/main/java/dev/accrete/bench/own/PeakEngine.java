package dev.accrete.bench.own;

import dev.accrete.bench.work.Engine;
import dev.accrete.core.AccreteException;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Multiply-adds on registers. Twelve independent sums hide the latency of the four cycles, two at a
 * time, that a multiply-add takes.
 */
final class PeakEngine implements Engine {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int SUMS = 12;
  private static final int TURNS = 1 << 14;
  private static final int CALLS = 200;

  private final int threads;
  private final float[] sums;

  PeakEngine(int threads) {
    this.threads = threads;
    sums = new float[threads];
  }

  @Override
  public String name() {
    return "Vector API, " + SPECIES.vectorBitSize() + " bit";
  }

  @Override
  public long macs() {
    return (long) threads * CALLS * TURNS * SUMS * SPECIES.length();
  }

  @Override
  public double run() {
    List<Thread> workers =
        IntStream.range(0, threads)
            .mapToObj(i -> Thread.ofPlatform().start(() -> work(i)))
            .toList();
    for (Thread worker : workers) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AccreteException("interrupted while measuring the peak", e);
      }
    }
    return 0;
  }

  private void work(int thread) {
    float sum = 0;
    for (int i = 0; i < CALLS; i++) {
      sum += multiplyAdds(1 - i * 0x1p-20f);
    }
    sums[thread] = sum;
  }

  /**
   * Each sum its own local: in an array they would live in memory. And each the operand that is
   * added: the JIT keeps the result in its register, and would copy any other.
   */
  private static float multiplyAdds(float weight) {
    FloatVector factor = FloatVector.broadcast(SPECIES, weight);
    FloatVector term = FloatVector.broadcast(SPECIES, 1f / TURNS);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a = zero;
    FloatVector b = zero;
    FloatVector c = zero;
    FloatVector d = zero;
    FloatVector e = zero;
    FloatVector f = zero;
    FloatVector g = zero;
    FloatVector h = zero;
    FloatVector i = zero;
    FloatVector j = zero;
    FloatVector k = zero;
    FloatVector l = zero;
    for (int turn = 0; turn < TURNS; turn++) {
      a = factor.fma(term, a);
      b = factor.fma(term, b);
      c = factor.fma(term, c);
      d = factor.fma(term, d);
      e = factor.fma(term, e);
      f = factor.fma(term, f);
      g = factor.fma(term, g);
      h = factor.fma(term, h);
      i = factor.fma(term, i);
      j = factor.fma(term, j);
      k = factor.fma(term, k);
      l = factor.fma(term, l);
    }
    FloatVector all =
        a.add(b).add(c.add(d)).add(e.add(f)).add(g.add(h)).add(i.add(j)).add(k.add(l));
    return all.lane(0);
  }

  /** Each call adds up to about 12 times a weight just below 1. */
  @Override
  public void verify() {
    for (float sum : sums) {
      if (!(sum > CALLS * (SUMS - 1f) && sum < CALLS * (SUMS + 1f))) {
        throw new AccreteException("multiply-adds gave " + sum + ", so they were not timed");
      }
    }
  }

  @Override
  public void close() {}
}
