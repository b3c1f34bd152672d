package dev.accrete.bench.gpu;

import dev.accrete.bench.gpu.vendor.Vendor;
import dev.accrete.bench.regression.RegressionReport;
import dev.accrete.bench.regression.Verdict;
import dev.accrete.bench.work.Machine;
import dev.accrete.bench.work.Statistics;
import dev.accrete.core.Precision;
import dev.accrete.kernels.cuda.DeviceFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code bench gpu} writes; a file of baselines holds one for each device.
 *
 * @param schema the version of this layout
 * @param date when, in ISO 8601
 * @param revision of the sources, as git names it
 * @param size of the work: quick figures mean nothing
 * @param machine around the device
 * @param backend what ran
 * @param driver the driver's version; empty = not told
 * @param notes what a reader should know
 * @param cases what was measured
 * @param judged the cases that the baseline has too
 * @param added cases that the baseline lacks
 * @param removed cases that the baseline has and this suite was not asked for or lacks
 */
record GpuReport(
    int schema,
    String date,
    String revision,
    GpuCases.Size size,
    Machine machine,
    String backend,
    DeviceFacts device,
    String driver,
    List<String> notes,
    Answer.Roofline roofline,
    List<Case> cases,
    List<RegressionReport.Case> judged,
    List<String> added,
    List<String> removed) {
  /** The layout that this build reads and writes. */
  static final int SCHEMA = 2;

  GpuReport {
    notes = List.copyOf(notes);
    cases = List.copyOf(cases);
    judged = List.copyOf(judged);
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }

  /**
   * One case.
   *
   * @param medianMs the median of all samples; 0 if it failed
   * @param deviationMs their median absolute deviation
   * @param limit which limit of the roofline is nearer; empty if nothing is counted
   * @param share of that limit; 0 if nothing is counted
   * @param processes what each process saw, raw samples included
   */
  record Case(
      String name,
      String family,
      double medianMs,
      double deviationMs,
      String limit,
      double share,
      List<Answer.Measured> processes) {
    Case {
      processes = List.copyOf(processes);
    }

    static Case of(
        String name, String family, Answer.Roofline roofline, List<Answer.Measured> processes) {
      List<Double> all = millis(processes);
      if (all.isEmpty()) {
        return new Case(name, family, 0, 0, "", 0, processes);
      }
      double median = Statistics.median(all);
      double deviation =
          Statistics.median(all.stream().map(sample -> Math.abs(sample - median)).toList());
      Answer.Measured any =
          processes.stream().filter(p -> p.failure().isEmpty()).findFirst().orElseThrow();
      Precision precision = TensorCores.of(name);
      double least = roofline.leastMillis(precision, any.bytes(), any.operations());
      String limit = least == 0 ? "" : roofline.limit(precision, any.bytes(), any.operations());
      return new Case(name, family, median, deviation, limit, least / median, processes);
    }

    private static List<Double> millis(List<Answer.Measured> processes) {
      List<Double> all = new ArrayList<>();
      processes.forEach(process -> all.addAll(process.millis()));
      return all;
    }

    /** All samples, in order. */
    List<Double> samples() {
      return millis(processes);
    }

    /** What was wrong with it, if anything. */
    Optional<String> failure() {
      return processes.stream().map(Answer.Measured::failure).filter(f -> !f.isEmpty()).findFirst();
    }

    /** Whether it is a library's, beside one of ours. */
    boolean isVendor() {
      return Vendor.of(name).isPresent();
    }

    /** What was compared with the reference. */
    String checked() {
      return processes.stream()
          .map(Answer.Measured::checked)
          .filter(text -> !text.isEmpty())
          .findFirst()
          .orElse("not compared with reference");
    }
  }

  /** Whether a case became slower. */
  boolean isRegression() {
    return judged.stream().anyMatch(one -> one.verdict() == Verdict.SLOWER);
  }

  /** Whether a case of ours computes something wrong, or could not be measured. */
  boolean isFailure() {
    return cases.stream().anyMatch(one -> !one.isVendor() && one.failure().isPresent());
  }

  /** The case of this name, if it was measured. */
  Optional<Case> measured(String name) {
    return cases.stream().filter(one -> one.name().equals(name) && one.medianMs() > 0).findFirst();
  }

  /** Why cases of vendors could not be measured, and how many each; nothing of ours. */
  List<String> vendorsMissing() {
    Map<String, Integer> reasons = new LinkedHashMap<>();
    cases.stream()
        .filter(Case::isVendor)
        .flatMap(one -> one.failure().stream())
        .forEach(reason -> reasons.merge(reason, 1, Integer::sum));
    return reasons.entrySet().stream()
        .map(one -> "not measured (" + one.getValue() + "): " + one.getKey())
        .toList();
  }

  /** The judgement of a case, if the baseline has it. */
  Optional<RegressionReport.Case> judgement(String name) {
    return judged.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}
