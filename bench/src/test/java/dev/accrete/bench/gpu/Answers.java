package dev.accrete.bench.gpu;

import dev.accrete.core.Rng;
import dev.accrete.kernels.cuda.DeviceFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measuring processes that never were: made-up samples around given medians. */
final class Answers implements GpuSuite.Measurer {
  static final DeviceFacts DEVICE =
      new DeviceFacts("GPU A", "9.0", 132, 50 << 20, 80L << 30, 1980, "13.0", "");

  private static final double SPREAD = 0.005;

  final List<Question> asked = new ArrayList<>();
  private final DeviceFacts device;
  private final Map<String, Double> medians;
  private final double spread;

  Answers(DeviceFacts device, Map<String, Double> medians) {
    this(device, medians, SPREAD);
  }

  Answers(DeviceFacts device, Map<String, Double> medians, double spread) {
    this.device = device;
    this.medians = new LinkedHashMap<>(medians);
    this.spread = spread;
  }

  /** A question about these cases. */
  static Question question(int samples, String... cases) {
    return new Question(List.of(cases), GpuCases.Size.QUICK, samples, true, 0, 0);
  }

  @Override
  public Answer measure(Question question) {
    asked.add(question);
    Rng rng = Rng.of(asked.size(), 0);
    List<Answer.Measured> measured = new ArrayList<>();
    for (String name : question.cases()) {
      double median = medians.getOrDefault(name, Double.NaN);
      if (Double.isNaN(median)) {
        measured.add(Answer.Measured.failed(name, "holds NaN"));
        continue;
      }
      List<Double> millis = new ArrayList<>();
      for (int i = 0; i < question.samples(); i++) {
        millis.add(median * (1 + spread * rng.nextGaussian()));
      }
      String checked = question.check() ? "compared" : "";
      measured.add(
          new Answer.Measured(
              name, millis, 1, 2, 1 << 20, 0, 1 << 21, 3, true, checked, "", List.of()));
    }
    return new Answer(
        "cuda",
        device,
        "580.1",
        List.of("a note"),
        new Answer.Roofline(2000, 50, 300, 600),
        measured);
  }
}
