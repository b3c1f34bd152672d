package dev.accrete.bench.gpu;

import dev.accrete.bench.gpu.vendor.Vendor;
import dev.accrete.bench.regression.Comparison;
import dev.accrete.bench.regression.RegressionReport;
import dev.accrete.bench.work.Machine;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Measures all cases in several processes, and judges them by a baseline. */
final class GpuSuite {
  /** Runs one measuring process. */
  interface Measurer {
    /** What the process saw. */
    Answer measure(Question question) throws IOException, InterruptedException;
  }

  private final Measurer measurer;
  private final int processes;
  private final PrintWriter console;

  GpuSuite(Measurer measurer, int processes, PrintWriter console) {
    this.measurer = measurer;
    this.processes = processes;
    this.console = console;
  }

  /**
   * Measures, and judges what a baseline of the same device and size has too.
   *
   * @param families the family of each case that the question is about
   * @throws AccreteException if the baseline is of another device or size
   */
  GpuReport run(
      Question question,
      Map<String, String> families,
      String revision,
      Optional<Baselines> baselines)
      throws IOException, InterruptedException {
    List<Answer> answers = new ArrayList<>(measure(question, 0, 1));
    Answer first = answers.getFirst();
    // Before the other processes: a baseline of another device would make them vain.
    Optional<GpuReport> baseline = Optional.empty();
    if (baselines.isPresent()) {
      baseline = Optional.of(baselines.get().of(first.device(), question.size()));
    }
    answers.addAll(measure(question, 1, processes));
    List<GpuReport.Case> cases = new ArrayList<>();
    for (String name : question.cases()) {
      List<Answer.Measured> seen = new ArrayList<>();
      answers.forEach(
          answer -> answer.cases().stream().filter(c -> c.name().equals(name)).forEach(seen::add));
      String family = Objects.requireNonNull(families.get(name));
      cases.add(GpuReport.Case.of(name, family, first.roofline(), seen));
    }
    Set<String> notes = new TreeSet<>();
    answers.forEach(answer -> notes.addAll(answer.notes()));
    List<RegressionReport.Case> judged = new ArrayList<>();
    if (baseline.isPresent()) {
      judged.addAll(judge(question, cases, samples(baseline.get())));
    }
    return new GpuReport(
        GpuReport.SCHEMA,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        revision,
        question.size(),
        Machine.here(),
        first.backend(),
        first.device(),
        first.driver(),
        List.copyOf(notes),
        first.roofline(),
        cases,
        judged,
        difference(question.cases(), baseline),
        baseline.map(old -> missing(old, question.cases())).orElse(List.of()));
  }

  private List<Answer> measure(Question question, int from, int to)
      throws IOException, InterruptedException {
    List<Answer> answers = new ArrayList<>();
    for (int i = from; i < to; i++) {
      console.printf(Locale.ROOT, "process %d of %d%n", i + 1, processes);
      console.flush();
      answers.add(measurer.measure(question.checking(question.check() && i == 0)));
    }
    return answers;
  }

  private static List<String> difference(List<String> names, Optional<GpuReport> baseline) {
    return baseline
        .map(
            old ->
                names.stream()
                    .filter(name -> Vendor.of(name).isEmpty())
                    .filter(name -> !samples(old).containsKey(name))
                    .toList())
        .orElse(List.of());
  }

  private static List<String> missing(GpuReport old, List<String> names) {
    Set<String> present = new HashSet<>(names);
    return old.cases().stream()
        .filter(one -> !one.isVendor())
        .map(GpuReport.Case::name)
        .filter(name -> !present.contains(name))
        .toList();
  }

  /** Ours alone: what vendors ship is not judged. */
  private static Map<String, List<Double>> samples(GpuReport report) {
    return report.cases().stream()
        .filter(one -> !one.isVendor())
        .filter(one -> one.failure().isEmpty())
        .collect(
            Collectors.toMap(
                GpuReport.Case::name, GpuReport.Case::samples, (a, b) -> a, LinkedHashMap::new));
  }

  private List<RegressionReport.Case> judge(
      Question question, List<GpuReport.Case> cases, Map<String, List<Double>> old)
      throws IOException, InterruptedException {
    List<RegressionReport.Case> judged = new ArrayList<>();
    for (GpuReport.Case one : cases) {
      List<Double> before = old.getOrDefault(one.name(), List.of());
      if (before.isEmpty() || one.failure().isPresent()) {
        continue;
      }
      Samples candidate =
          new Samples(one.samples(), () -> again(question.about(List.of(one.name()))));
      Samples baseline = new Samples(before, () -> before);
      Comparison comparison =
          new Comparison(
              () -> new Comparison.Round(baseline.next(), candidate.next()), round -> {});
      judged.add(RegressionReport.Case.of(one.name(), comparison.run(one.samples().size())));
    }
    return judged;
  }

  /** More samples of one case, where those at hand left a doubt. */
  private List<Double> again(Question question) throws IOException, InterruptedException {
    console.println("in doubt, once more: " + question.cases());
    List<Double> samples = new ArrayList<>();
    for (Answer answer : measure(question.checking(false), 0, processes)) {
      for (Answer.Measured one : answer.cases()) {
        if (!one.failure().isEmpty()) {
          throw new AccreteException(one.name() + ", measured once more: " + one.failure());
        }
        samples.addAll(one.millis());
      }
    }
    return samples;
  }

  /** Samples one by one, and where to get more. */
  private static final class Samples {
    private final List<Double> taken;
    private final Source source;
    private int next;

    private interface Source {
      List<Double> more() throws IOException, InterruptedException;
    }

    Samples(List<Double> taken, Source source) {
      this.taken = new ArrayList<>(taken);
      this.source = source;
    }

    double next() throws IOException, InterruptedException {
      if (next == taken.size()) {
        taken.addAll(source.more());
      }
      return taken.get(next++);
    }
  }
}
