package dev.accrete.bench.regression;

/** What a comparison says of the candidate. */
public enum Verdict {
  /** Faster than the baseline, by more than the noise. */
  FASTER,
  /** As fast as the baseline, within the margin. */
  SAME,
  /** The noise does not let one tell. */
  AMBIGUOUS,
  /** Slower than the baseline, by more than the noise: a regression. */
  SLOWER
}
