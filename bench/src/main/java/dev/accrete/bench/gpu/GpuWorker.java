package dev.accrete.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.bench.gpu.vendor.Vendor;
import dev.accrete.bench.work.Statistics;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Precision;
import dev.accrete.kernels.cuda.DeviceFacts;
import dev.accrete.kernels.spec.SpecFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The measuring process: asked by one file, answers in another, tells its progress. */
public final class GpuWorker {
  private final Question question;
  private final PrintStream progress;
  private final Set<String> said = new HashSet<>();

  private GpuWorker(Question question, PrintStream progress) {
    this.question = question;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param arguments the file with the question, and the file for the answer
   */
  public static void main(String[] arguments) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Question question = json.readValue(Path.of(arguments[0]).toFile(), Question.class);
    PrintStream progress = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      json.writeValue(Path.of(arguments[1]).toFile(), new GpuWorker(question, progress).measure());
    } catch (AccreteException e) {
      System.err.println("accrete bench: " + e.getMessage());
      System.exit(1);
    }
  }

  private Answer measure() {
    Map<String, GpuCases.Case> known = new LinkedHashMap<>();
    GpuCases.matching(question.size(), Pattern.compile(""))
        .forEach(one -> known.put(one.name(), one));
    try (GpuBench bench = GpuBench.open(Precision.FP32)) {
      DeviceFacts facts = bench.timer().facts();
      Optional<Telemetry> telemetry = Telemetry.open(facts.busId());
      List<String> notes = new ArrayList<>();
      if (telemetry.isEmpty()) {
        notes.add("clock, power and temperature are not known: libnvidia-ml does not tell them");
      }
      Answer.Roofline roofline = RooflineProbe.measure(bench.timer());
      List<Answer.Measured> measured = new ArrayList<>();
      for (Precision precision : Precision.values()) {
        List<GpuCases.Case> cases =
            question.cases().stream()
                .map(name -> found(Optional.ofNullable(known.get(name)), name))
                .filter(one -> one.precision() == precision)
                .toList();
        measured.addAll(measure(bench, telemetry, precision, cases));
      }
      String driver = telemetry.map(Telemetry::driver).orElse("");
      telemetry.ifPresent(Telemetry::close);
      return new Answer(bench.backend().description(), facts, driver, notes, roofline, measured);
    }
  }

  private static GpuCases.Case found(Optional<GpuCases.Case> one, String name) {
    return one.orElseThrow(() -> new AccreteException("there is no case named " + name));
  }

  /** Measures the cases of one precision, on a device that is opened for it. */
  private List<Answer.Measured> measure(
      GpuBench fp32,
      Optional<Telemetry> telemetry,
      Precision precision,
      List<GpuCases.Case> cases) {
    if (precision == Precision.FP32) {
      return measure(fp32, telemetry, cases);
    }
    if (cases.isEmpty()) {
      return List.of();
    }
    try (GpuBench bench = GpuBench.open(precision)) {
      return measure(bench, telemetry, cases);
    }
  }

  private List<Answer.Measured> measure(
      GpuBench bench, Optional<Telemetry> telemetry, List<GpuCases.Case> cases) {
    Sampler sampler = new Sampler(bench.timer(), telemetry, question);
    List<Answer.Measured> measured = new ArrayList<>();
    for (GpuCases.Case one : cases) {
      measured.add(measure(bench, sampler, one));
      show(measured.getLast());
    }
    return measured;
  }

  private Answer.Measured measure(GpuBench bench, Sampler sampler, GpuCases.Case one) {
    try (Workload workload = one.open().apply(bench)) {
      String checked = question.check() ? workload.check() : "";
      return sampler.sample(one.name(), workload, checked);
    } catch (SpecFailure | AccreteException e) {
      // The others can still be measured; the report names it, and the suite fails.
      return Answer.Measured.failed(one.name(), String.valueOf(e.getMessage()));
    }
  }

  private void show(Answer.Measured one) {
    if (!one.failure().isEmpty() && Vendor.of(one.name()).isPresent()) {
      // A library that is missing is missing in many cases.
      if (said.add(one.failure())) {
        progress.println("  not measured: " + one.failure());
      }
      return;
    }
    if (!one.failure().isEmpty()) {
      progress.println("  FAILED " + one.name() + ": " + one.failure());
      return;
    }
    double median = Statistics.median(one.millis());
    progress.printf(Locale.ROOT, "  %10.4f ms  %s%n", median, one.name());
  }
}
