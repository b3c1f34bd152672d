package dev.accrete.bench.work;

/**
 * How long a process measures.
 *
 * @param warmUpRuns the least number of runs before the first that counts
 * @param warmUpSeconds the least time before it
 * @param runs the runs that count, see {@link Alternation}
 */
public record Timing(int warmUpRuns, double warmUpSeconds, int runs) {
  public Timing {
    if (warmUpRuns < 1 || runs < 1) {
      throw new IllegalArgumentException(
          "runs of warm-up and runs that count are at least 1; got " + warmUpRuns + " and " + runs);
    }
  }
}
