package dev.accrete.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.bench.work.Statistics;
import dev.accrete.core.AccreteException;
import dev.accrete.kernels.cuda.DeviceFacts;
import dev.accrete.kernels.spec.SpecFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The measuring process: asked by one file, answers in another, tells its progress. */
public final class GpuWorker {
  private final Question question;
  private final PrintStream progress;

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
    try (GpuBench bench = GpuBench.open()) {
      DeviceFacts facts = bench.timer().facts();
      Optional<Telemetry> telemetry = Telemetry.open(facts.busId());
      List<String> notes = new ArrayList<>();
      if (telemetry.isEmpty()) {
        notes.add("clock, power and temperature are not known: libnvidia-ml does not tell them");
      }
      Answer.Roofline roofline = RooflineProbe.measure(bench.timer());
      Sampler sampler = new Sampler(bench.timer(), telemetry, question);
      List<Answer.Measured> measured = new ArrayList<>();
      for (String name : question.cases()) {
        measured.add(measure(bench, sampler, Optional.ofNullable(known.get(name)), name));
        show(measured.getLast());
      }
      String driver = telemetry.map(Telemetry::driver).orElse("");
      telemetry.ifPresent(Telemetry::close);
      return new Answer(bench.backend().description(), facts, driver, notes, roofline, measured);
    }
  }

  private Answer.Measured measure(
      GpuBench bench, Sampler sampler, Optional<GpuCases.Case> found, String name) {
    GpuCases.Case one =
        found.orElseThrow(() -> new AccreteException("there is no case named " + name));
    try (Workload workload = one.open().apply(bench)) {
      String checked = question.check() ? workload.check() : "";
      return sampler.sample(name, workload, checked);
    } catch (SpecFailure | AccreteException e) {
      // The others can still be measured; the report names it, and the suite fails.
      return Answer.Measured.failed(name, String.valueOf(e.getMessage()));
    }
  }

  private void show(Answer.Measured one) {
    if (!one.failure().isEmpty()) {
      progress.println("  FAILED " + one.name() + ": " + one.failure());
      return;
    }
    double median = Statistics.median(one.millis());
    progress.printf(Locale.ROOT, "  %10.4f ms  %s%n", median, one.name());
  }
}
