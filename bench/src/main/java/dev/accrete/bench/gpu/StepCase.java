package dev.accrete.bench.gpu;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Precision;
import dev.accrete.kernels.cuda.DeviceTimer;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import java.util.Locale;

/** A whole training step as one CUDA graph, from image bytes on the device to updated weights. */
class StepCase implements Workload {
  private static final int CLASSES = 50;
  private static final int LEARNING_STEPS = 8;

  /**
   * How far gradients may lie from the reference's, as vectors. Rounding makes 1e-5; but where an
   * activation is within rounding of 0 its ReLU may go the other way, and from there on everything
   * differs by as much as that activation matters: 1e-2 of the largest gradient was seen on correct
   * backends. What is wrong differs by about 1.
   */
  private static final double TOLERANCE = 0.02;

  private static final double LOSS_TOLERANCE = 1e-4;

  /**
   * How far the loss may lie off for each unit of a factor's rounding error. Gradients of rounded
   * factors cannot be held to a distance: normalization over the few values of a small sibling
   * blows errors up from layer to layer, and in bf16 0.7 of the gradients' length was seen where
   * every op is correct. They must point the same way; wrong ones stand at right angles.
   */
  private static final double LOSS_UNITS = 8;

  private static final double LEAST_COSINE = 0.5;
  private static final double SIBLING_WIDTH = 0.25;
  private static final int SIBLING_SIZE = 64;
  private static final int SIBLING_MINI_BATCH = 16;

  private final GpuBench bench;
  private final StepKind kind;
  private final TimedStep step;
  private final DeviceTimer.Section section;

  StepCase(GpuBench bench, StepKind kind, GpuCases.Size size) {
    this.bench = bench;
    this.kind = kind;
    Network network = MobileNetV1.of(size.width(), CLASSES, size.image());
    step = new TimedStep(bench.backend(), network, kind, size.miniBatch());
    requireLearning();
    section = bench.timer().section(step.plan(), 0, step.plan().graph().nodes().size());
  }

  private void requireLearning() {
    float first = step.step();
    float lowest = first;
    for (int i = 0; i < LEARNING_STEPS; i++) {
      lowest = Math.min(lowest, step.step());
    }
    if (!(lowest < first)) {
      throw new AccreteException(
          String.format(
              Locale.ROOT,
              "%s did not learn: the loss on the one mini-batch began at %.4f and never fell in %d"
                  + " steps",
              kind,
              first,
              LEARNING_STEPS));
    }
  }

  @Override
  public String check() {
    Network small = MobileNetV1.of(SIBLING_WIDTH, CLASSES, SIBLING_SIZE);
    Step expected = take(bench.reference(), small);
    Step actual = take(bench.backend(), small);
    double loss = Math.abs(actual.loss - expected.loss) / expected.loss;
    double tolerance = LOSS_TOLERANCE + LOSS_UNITS * unit();
    if (!(loss <= tolerance)) {
      throw off("the loss is off by %.2g, allowed is %.2g", loss, tolerance);
    }
    String gradients =
        bench.precision() == Precision.FP32
            ? checkDistance(expected.gradients, actual.gradients)
            : checkDirection(expected.gradients, actual.gradients);
    return String.format(
        Locale.ROOT,
        "a step of a smaller sibling (width %s, %d px, mini-batch %d) compared with reference: loss"
            + " within %.1e, gradients %s; at this size the loss is finite and falls",
        SIBLING_WIDTH,
        SIBLING_SIZE,
        SIBLING_MINI_BATCH,
        loss,
        gradients);
  }

  private static String checkDistance(float[] expected, float[] actual) {
    double distance = distance(expected, actual);
    if (!(distance <= TOLERANCE)) {
      throw off("the gradients are off by %.2g, allowed is %.2g", distance, TOLERANCE);
    }
    return String.format(Locale.ROOT, "within %.1e", distance);
  }

  private static String checkDirection(float[] expected, float[] actual) {
    double cosine = cosine(expected, actual);
    if (!(cosine >= LEAST_COSINE)) {
      throw off("the gradients' cosine is %.2g, the least is %.2g", cosine, LEAST_COSINE);
    }
    return String.format(Locale.ROOT, "with a cosine of %.4f", cosine);
  }

  private static AccreteException off(String format, double actual, double allowed) {
    return new AccreteException(
        "compared with reference "
            + String.format(Locale.ROOT, format, actual, allowed)
            + " on a smaller sibling");
  }

  /** The largest relative error of rounding a factor to this precision. */
  private double unit() {
    return switch (bench.precision()) {
      case FP32 -> 0;
      case TF32 -> 0x1p-11;
      case BF16 -> 0x1p-8;
    };
  }

  /** What one step computed. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
  private record Step(double loss, float[] gradients) {}

  private Step take(Backend backend, Network network) {
    try (TimedStep sibling = new TimedStep(backend, network, kind, SIBLING_MINI_BATCH)) {
      float loss = sibling.step();
      return new Step(loss, sibling.learner().snapshot(sibling.learner().variables().gradients()));
    }
  }

  /** The length of the difference over that of what is expected; NaN if any element is. */
  private static double distance(float[] expected, float[] actual) {
    double length = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      length += (double) expected[i] * expected[i];
      difference += ((double) actual[i] - expected[i]) * ((double) actual[i] - expected[i]);
    }
    return Math.sqrt(difference / length);
  }

  /** The cosine of the angle between two vectors; NaN if any element is. */
  private static double cosine(float[] expected, float[] actual) {
    double product = 0;
    double expectedSquare = 0;
    double actualSquare = 0;
    for (int i = 0; i < expected.length; i++) {
      product += (double) expected[i] * actual[i];
      expectedSquare += (double) expected[i] * expected[i];
      actualSquare += (double) actual[i] * actual[i];
    }
    return product / Math.sqrt(expectedSquare * actualSquare);
  }

  /** The state that the step trains. */
  TimedStep step() {
    return step;
  }

  @Override
  public void launch() {
    section.launch();
  }

  @Override
  public void finish() {
    step.step();
  }

  @Override
  public int repetitions() {
    return 1;
  }

  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public long operations() {
    return 2 * step.plan().graph().macs();
  }

  @Override
  public long rotatedBytes() {
    return step.plan().bytes();
  }

  @Override
  public void close() {
    section.close();
    step.close();
  }
}
