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

  /** Each sum its own local: in an array they would live in memory. */
  private static float multiplyAdds(float decay) {
    FloatVector factor = FloatVector.broadcast(SPECIES, decay);
    FloatVector term = FloatVector.broadcast(SPECIES, 1 - decay);
    FloatVector a = term;
    FloatVector b = term;
    FloatVector c = term;
    FloatVector d = term;
    FloatVector e = term;
    FloatVector f = term;
    FloatVector g = term;
    FloatVector h = term;
    FloatVector i = term;
    FloatVector j = term;
    FloatVector k = term;
    FloatVector l = term;
    for (int turn = 0; turn < TURNS; turn++) {
      a = a.fma(factor, term);
      b = b.fma(factor, term);
      c = c.fma(factor, term);
      d = d.fma(factor, term);
      e = e.fma(factor, term);
      f = f.fma(factor, term);
      g = g.fma(factor, term);
      h = h.fma(factor, term);
      i = i.fma(factor, term);
      j = j.fma(factor, term);
      k = k.fma(factor, term);
      l = l.fma(factor, term);
    }
    FloatVector all =
        a.add(b).add(c.add(d)).add(e.add(f)).add(g.add(h)).add(i.add(j)).add(k.add(l));
    return all.lane(0);
  }

  /** Starting at 0 with a decay of 1 the sums are 0; else they approach 12. */
  @Override
  public void verify() {
    for (float sum : sums) {
      if (!(sum > 0 && sum < CALLS * (SUMS + 1f))) {
        throw new AccreteException("multiply-adds gave " + sum + ", so they were not timed");
      }
    }
  }

  @Override
  public void close() {}
}
