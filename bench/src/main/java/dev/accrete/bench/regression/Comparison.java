package dev.accrete.bench.regression;

import dev.accrete.bench.work.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Judges a build by rounds of both, and takes as many again if it cannot tell. */
public final class Comparison {
  /** Measures both builds. */
  @FunctionalInterface
  public interface Source {
    /** One more round. */
    Round next() throws IOException, InterruptedException;
  }

  /** One process of each build. */
  public record Round(double baselineMs, double candidateMs) {
    /** Candidate over baseline. */
    public double ratio() {
      return candidateMs / baselineMs;
    }
  }

  /**
   * All rounds and what they say.
   *
   * @param repeated whether the first half was ambiguous
   */
  public record Result(Judgement judgement, List<Round> rounds, boolean repeated) {
    /** The median of the baseline, in milliseconds. */
    public double baselineMs() {
      return Statistics.median(rounds.stream().map(Round::baselineMs).toList());
    }

    /** The median of the candidate, in milliseconds. */
    public double candidateMs() {
      return Statistics.median(rounds.stream().map(Round::candidateMs).toList());
    }
  }

  private final Source source;
  private final Consumer<Round> listener;

  /**
   * A comparison of two builds.
   *
   * @param listener is told of every round
   */
  public Comparison(Source source, Consumer<Round> listener) {
    this.source = source;
    this.listener = listener;
  }

  /** Takes {@code count} rounds; if they are ambiguous, as many again. */
  public Result run(int count) throws IOException, InterruptedException {
    List<Round> rounds = new ArrayList<>();
    take(count, rounds);
    Judgement judgement = judge(rounds);
    boolean repeated = judgement.verdict() == Verdict.AMBIGUOUS;
    if (repeated) {
      take(count, rounds);
      judgement = judge(rounds);
    }
    return new Result(judgement, rounds, repeated);
  }

  private void take(int count, List<Round> rounds) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      Round round = source.next();
      rounds.add(round);
      listener.accept(round);
    }
  }

  private static Judgement judge(List<Round> rounds) {
    return Judgement.of(rounds.stream().map(Round::ratio).toList());
  }
}
