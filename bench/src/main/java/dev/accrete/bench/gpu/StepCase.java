package dev.accrete.bench.gpu;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
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
    double distance = distance(expected.gradients, actual.gradients);
    if (!(loss <= LOSS_TOLERANCE && distance <= TOLERANCE)) {
      throw new AccreteException(
          String.format(
              Locale.ROOT,
              "%s: the loss is off by %.2g, allowed is %.2g, the gradients by %.2g, allowed is"
                  + " %.2g",
              kind,
              loss,
              LOSS_TOLERANCE,
              distance,
              TOLERANCE));
    }
    return String.format(
        Locale.ROOT,
        "a step of a smaller sibling (width %s, %d px, mini-batch %d) compared with reference: loss"
            + " within %.1e, gradients within %.1e; at this size the loss is finite and falls",
        SIBLING_WIDTH,
        SIBLING_SIZE,
        SIBLING_MINI_BATCH,
        loss,
        distance);
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
