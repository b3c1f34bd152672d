package dev.accrete.bench.gpu;

import java.util.List;

/**
 * What a measuring process is asked.
 *
 * @param cases names of cases, in order
 * @param size how large the work is
 * @param samples samples of each case
 * @param check whether to compare with the reference first
 * @param warmUpSeconds the longest warm-up of a case
 * @param slowdown the share of its time by which each portion is made longer, to test the test
 */
record Question(
    List<String> cases,
    GpuCases.Size size,
    int samples,
    boolean check,
    double warmUpSeconds,
    double slowdown) {
  Question {
    cases = List.copyOf(cases);
  }

  /** The same of other cases. */
  Question about(List<String> others) {
    return new Question(others, size, samples, check, warmUpSeconds, slowdown);
  }

  /** The same with or without comparing. */
  Question checking(boolean wanted) {
    return new Question(cases, size, samples, wanted, warmUpSeconds, slowdown);
  }
}
