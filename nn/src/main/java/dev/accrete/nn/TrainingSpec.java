package dev.accrete.nn;

import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.op.SgdSynaptic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What a training step trains and how. Rules are functions of a parameter, and should ask for its
 * {@link Role}, not for its name.
 *
 * @param miniBatch images per step
 * @param norm how normalizations behave
 * @param trainable what the step updates; everything else is frozen: no gradient, decay or momentum
 * @param multiplier of the learning rate
 * @param weightDecay added to the gradient as {@code weightDecay * w}
 * @param synaptic what penalty and trajectory concern
 * @param penalty how importance acts on a step
 * @param trajectory what is multiplied with the step to give the path integral
 * @param importanceMax the importance at which {@code GRADIENT_SCALE} freezes a weight
 * @param strength of the {@code QUADRATIC} penalty
 * @param momentum the part of the last step that carries on
 * @param nesterov whether the momentum looks ahead
 * @param labelSmoothing the probability spread over all classes, in [0, 1)
 * @param sourceHeight the height of the images handed in; the step crops them to the network's
 * @param sourceWidth likewise
 */
public record TrainingSpec(
    int miniBatch,
    NormKind norm,
    Predicate<Parameter> trainable,
    ToDoubleFunction<Parameter> multiplier,
    ToDoubleFunction<Parameter> weightDecay,
    Predicate<Parameter> synaptic,
    SgdSynaptic.Penalty penalty,
    SgdSynaptic.Trajectory trajectory,
    float importanceMax,
    float strength,
    float momentum,
    boolean nesterov,
    float labelSmoothing,
    int sourceHeight,
    int sourceWidth) {

  /** The roles that weight decay usually concerns: weights, but no bias, scale or shift. */
  public static final Set<Role> WEIGHTS =
      Set.of(Role.CONVOLUTION, Role.DEPTHWISE, Role.LINEAR, Role.HEAD);

  /** The importance at which AR1* freezes a weight. */
  public static final float IMPORTANCE_MAX = 0.001f;

  public TrainingSpec {
    if (miniBatch < 1 || sourceHeight < 1 || sourceWidth < 1) {
      throw new IllegalArgumentException(
          "mini-batch and image extents must be positive, got "
              + miniBatch
              + ", "
              + sourceHeight
              + "x"
              + sourceWidth);
    }
  }

  /**
   * A builder for images of the network's own size. It starts from: batch normalization, everything
   * trains, momentum 0.9, weight decay 5e-4 on {@link #WEIGHTS}, nothing synaptic.
   */
  public static Builder builder(Network network, int miniBatch) {
    return new Builder(network, miniBatch);
  }

  /** This spec with another choice of what trains. */
  public TrainingSpec withTrainable(Predicate<Parameter> predicate) {
    return new TrainingSpec(
        miniBatch,
        norm,
        predicate,
        multiplier,
        weightDecay,
        synaptic,
        penalty,
        trajectory,
        importanceMax,
        strength,
        momentum,
        nesterov,
        labelSmoothing,
        sourceHeight,
        sourceWidth);
  }

  /**
   * The op that updates a network of these parameters; neighbours treated alike become one segment.
   */
  SgdSynaptic update(Parameters parameters) {
    List<SgdSynaptic.Segment> segments = new ArrayList<>();
    Parameter last = null;
    for (Parameter parameter : parameters.all()) {
      if (trainable.test(parameter)) {
        SgdSynaptic.Segment segment = segment(parameter);
        // The gap between neighbours holds zeros, which an update leaves zero.
        if (last != null && alike(segments.getLast(), segment)) {
          SgdSynaptic.Segment merged = segments.removeLast();
          int length = segment.offset() + segment.length() - merged.offset();
          segment =
              new SgdSynaptic.Segment(
                  merged.offset(),
                  length,
                  merged.multiplier(),
                  merged.weightDecay(),
                  merged.synaptic());
        }
        segments.add(segment);
        last = parameter;
      } else {
        last = null;
      }
    }
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("nothing trains: the predicate 'trainable' is never true");
    }
    return new SgdSynaptic(
        segments, momentum, nesterov, penalty, importanceMax, strength, trajectory);
  }

  private SgdSynaptic.Segment segment(Parameter parameter) {
    return new SgdSynaptic.Segment(
        parameter.offset(),
        parameter.size(),
        (float) multiplier.applyAsDouble(parameter),
        (float) weightDecay.applyAsDouble(parameter),
        synaptic.test(parameter));
  }

  private static boolean alike(SgdSynaptic.Segment a, SgdSynaptic.Segment b) {
    return a.multiplier() == b.multiplier()
        && a.weightDecay() == b.weightDecay()
        && a.synaptic() == b.synaptic();
  }

  /** Builds a spec. */
  public static final class Builder {
    private final int miniBatch;
    private NormKind norm = NormKind.BATCH;
    private Predicate<Parameter> trainable = p -> true;
    private ToDoubleFunction<Parameter> multiplier = p -> 1;
    private ToDoubleFunction<Parameter> weightDecay = p -> WEIGHTS.contains(p.role()) ? 5e-4 : 0;
    private Predicate<Parameter> synaptic = p -> false;
    private SgdSynaptic.Penalty penalty = SgdSynaptic.Penalty.NONE;
    private SgdSynaptic.Trajectory trajectory = SgdSynaptic.Trajectory.TASK_GRADIENT;
    private float importanceMax = IMPORTANCE_MAX;
    private float strength = 1;
    private float momentum = 0.9f;
    private boolean nesterov;
    private float labelSmoothing;
    private int sourceHeight;
    private int sourceWidth;

    private Builder(Network network, int miniBatch) {
      this.miniBatch = miniBatch;
      this.sourceHeight = network.height();
      this.sourceWidth = network.width();
    }

    /** How normalizations behave. */
    public Builder norm(NormKind kind) {
      norm = kind;
      return this;
    }

    /** What the step updates. */
    public Builder trainable(Predicate<Parameter> predicate) {
      trainable = predicate;
      return this;
    }

    /** The multiplier of the learning rate. */
    public Builder multiplier(ToDoubleFunction<Parameter> function) {
      multiplier = function;
      return this;
    }

    /** Weight decay by parameter. */
    public Builder weightDecay(ToDoubleFunction<Parameter> function) {
      weightDecay = function;
      return this;
    }

    /** The same weight decay for all {@link #WEIGHTS}. */
    public Builder weightDecay(float decay) {
      return weightDecay(p -> WEIGHTS.contains(p.role()) ? decay : 0);
    }

    /** What penalty and trajectory concern. */
    public Builder synaptic(Predicate<Parameter> predicate) {
      synaptic = predicate;
      return this;
    }

    /** How importance acts on a step. */
    public Builder penalty(SgdSynaptic.Penalty kind) {
      penalty = kind;
      return this;
    }

    /** What is multiplied with the step to give the path integral. */
    public Builder trajectory(SgdSynaptic.Trajectory kind) {
      trajectory = kind;
      return this;
    }

    /** The importance at which a weight freezes. */
    public Builder importanceMax(float max) {
      importanceMax = max;
      return this;
    }

    /** The strength of the quadratic penalty. */
    public Builder strength(float lambda) {
      strength = lambda;
      return this;
    }

    /** The momentum, plain or Nesterov's. */
    public Builder momentum(float value, boolean lookAhead) {
      momentum = value;
      nesterov = lookAhead;
      return this;
    }

    /** The probability spread over all classes. */
    public Builder labelSmoothing(float smoothing) {
      labelSmoothing = smoothing;
      return this;
    }

    /** The size of the images handed in. */
    public Builder source(int height, int width) {
      sourceHeight = height;
      sourceWidth = width;
      return this;
    }

    /** The finished spec. */
    public TrainingSpec build() {
      return new TrainingSpec(
          miniBatch,
          norm,
          trainable,
          multiplier,
          weightDecay,
          synaptic,
          penalty,
          trajectory,
          importanceMax,
          strength,
          momentum,
          nesterov,
          labelSmoothing,
          sourceHeight,
          sourceWidth);
    }
  }
}
