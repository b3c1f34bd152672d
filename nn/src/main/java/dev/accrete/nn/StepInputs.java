package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import java.util.Arrays;

/** The inputs that training a network and training its head alone share, and the loss. */
final class StepInputs {
  private static final String LOSS = "loss";

  private final Network network;
  private final TrainingSpec spec;
  private final Value.Input labels;
  private final Value.Input mask;
  private final Value.Input learningRate;
  private final Value.Input limits;
  private final float[] limitValues = new float[3];
  private final float[] lossValue = new float[1];
  private boolean readsLimits;
  private long steps;

  StepInputs(Graph.Builder graph, Network network, TrainingSpec spec) {
    this.network = network;
    this.spec = spec;
    labels = graph.input("labels", TensorType.i32(spec.miniBatch()));
    mask = graph.input("mask", TensorType.f32(network.classes()));
    learningRate = graph.input("learningRate", TensorType.f32(Shape.SCALAR));
    limits = graph.input("limits", TensorType.f32(3));
  }

  Value learningRate() {
    return learningRate;
  }

  /**
   * Plain batch normalization is renormalization with r = 1 and d = 0; as such its averaging weight
   * is an input too.
   */
  Norms norms(NormKind kind) {
    return switch (kind) {
      case BATCH, RENORM -> Norms.renorm(limits);
      case FIXED -> Norms.fixed();
    };
  }

  Value loss(Graph.Builder graph, Value logits) {
    Value loss =
        graph.apply(new SoftmaxCrossEntropy(spec.labelSmoothing()), logits, labels, mask).get(0);
    graph.output(LOSS, loss);
    return loss;
  }

  /** Looks at the compiled plan; while training every class takes part in the softmax. */
  void prepare(Plan plan) {
    readsLimits = plan.graph().inputs().contains(limits);
    float[] ones = new float[network.classes()];
    Arrays.fill(ones, 1f);
    plan.write(mask, ones);
  }

  void checkLabels(int[] values) {
    if (values.length != spec.miniBatch()) {
      throw new IllegalArgumentException(
          "a mini-batch of " + spec.miniBatch() + " needs as many labels, got " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] < -1 || values[i] >= network.classes()) {
        throw new IllegalArgumentException(
            "label "
                + values[i]
                + " of row "
                + i
                + " is not a class of "
                + network.name()
                + ", which has classes 0 to "
                + (network.classes() - 1)
                + "; -1 leaves a row out");
      }
    }
  }

  /** Checks the limits, and writes them if a normalization of the network reads them. */
  void writeLimits(Plan plan, float rMax, float dMax, float averaging) {
    if (!(rMax >= 1 && dMax >= 0 && averaging >= 0 && averaging <= 1)) {
      throw new IllegalArgumentException(
          "normalization needs rMax >= 1, dMax >= 0 and averaging in [0, 1], got "
              + rMax
              + ", "
              + dMax
              + ", "
              + averaging);
    }
    if (!readsLimits) {
      return;
    }
    boolean renorm = spec.norm() == NormKind.RENORM;
    limitValues[0] = renorm ? rMax : 1;
    limitValues[1] = renorm ? dMax : 0;
    limitValues[2] = averaging;
    plan.write(limits, limitValues);
  }

  /** Runs the plan and returns its loss. */
  float step(Plan plan, int[] labelValues, float rate) {
    plan.write(labels, labelValues);
    plan.write(learningRate, rate);
    plan.run();
    steps++;
    plan.read(LOSS, lossValue);
    if (!Float.isFinite(lossValue[0])) {
      throw NumericalException.loss(network.name(), lossValue[0], steps, rate);
    }
    return lossValue[0];
  }
}
