package dev.accrete.cl.strategy;

import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.nn.NormKind;
import java.util.Map;

/**
 * All settings of all strategies; each reads those that concern it. {@link #defaults} gives the
 * published training schedule of AR1* and its rivals (Lomonaco et al. 2020 and the authors' code);
 * {@link #with} overrides one setting by name.
 *
 * @param miniBatch images per training step
 * @param inferenceBatch images per inference step; changes nothing but speed and memory
 * @param first how the first experience is trained, and every re-training of {@code cumulative}
 * @param later how the other experiences are trained
 * @param momentum of the solver; it starts anew with every experience
 * @param weightDecay of convolution, linear and head weights
 * @param norm {@code RENORM}, or {@code BATCH} for the control with plain batch normalization,
 *     which is renormalization with r = 1 and d = 0 throughout
 * @param plainSteps steps of the first experience with r = 1 and d = 0
 * @param fullStep step of the first experience at which r and d reach their limits
 * @param headRule how CWR merges a trained row into the bank
 * @param synaptic synaptic intelligence, AR1* alone
 * @param augment whether images are flipped at random where the whole network trains; the published
 *     streams are not
 * @param retrain when {@code cumulative} trains
 * @param replay the memory of {@code ar1-free}
 * @param shrinkage epsilon of {@code slda}: its covariance is (1 - epsilon) S + epsilon I
 */
public record Hyperparameters(
    int miniBatch,
    int inferenceBatch,
    Phase first,
    Phase later,
    float momentum,
    float weightDecay,
    NormKind norm,
    int plainSteps,
    int fullStep,
    ConsolidateHead.Rule headRule,
    SynapticSettings synaptic,
    boolean augment,
    Retraining retrain,
    ReplaySettings replay,
    double shrinkage) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public Hyperparameters {
    Ranges.require(miniBatch >= 1, "mini-batch", miniBatch, "at least 1");
    Ranges.require(inferenceBatch >= 1, "inference-batch", inferenceBatch, "at least 1");
    Ranges.require(momentum >= 0 && momentum < 1, "momentum", momentum, "in [0, 1)");
    Ranges.require(weightDecay >= 0, "weight-decay", weightDecay, "at least 0");
    Ranges.require(norm != NormKind.FIXED, "norm", norm, "renorm or batch");
    Ranges.require(plainSteps >= 0, "plain-steps", plainSteps, "at least 0");
    Ranges.require(fullStep > plainSteps, "full-step", fullStep, "above plain-steps " + plainSteps);
    Ranges.require(shrinkage > 0 && shrinkage <= 1, "slda.shrinkage", shrinkage, "in (0, 1]");
  }

  /**
   * The published settings of a strategy.
   *
   * <p>The limits of batch renormalization after the first experience were published for streams of
   * 79, 196 and 391 experiences; another stream takes those of the nearest.
   *
   * @param strategy a name {@link Strategies#names} lists
   * @param experiences experiences of the whole stream
   * @throws dev.accrete.core.AccreteException if there is no such strategy
   */
  public static Hyperparameters defaults(String strategy, int experiences) {
    return Strategies.defaults(strategy, experiences);
  }

  /**
   * These settings with one changed, as the command line names it; {@link #toMap} lists the names.
   *
   * @throws dev.accrete.core.AccreteException if there is no such setting, naming those there are,
   *     or the value is not one of it
   */
  public Hyperparameters with(String key, String value) {
    return HyperparameterKeys.with(this, key, value);
  }

  /** All settings by name, each as a text that {@link #with} takes, in a fixed order. */
  public Map<String, String> toMap() {
    return HyperparameterKeys.toMap(this);
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Changes some settings and keeps the others. */
  public static final class Builder {
    private int miniBatch;
    private int inferenceBatch;
    private Phase first;
    private Phase later;
    private float momentum;
    private float weightDecay;
    private NormKind norm;
    private int plainSteps;
    private int fullStep;
    private ConsolidateHead.Rule headRule;
    private SynapticSettings synaptic;
    private boolean augment;
    private Retraining retrain;
    private ReplaySettings replay;
    private double shrinkage;

    private Builder(Hyperparameters from) {
      miniBatch = from.miniBatch;
      inferenceBatch = from.inferenceBatch;
      first = from.first;
      later = from.later;
      momentum = from.momentum;
      weightDecay = from.weightDecay;
      norm = from.norm;
      plainSteps = from.plainSteps;
      fullStep = from.fullStep;
      headRule = from.headRule;
      synaptic = from.synaptic;
      augment = from.augment;
      retrain = from.retrain;
      replay = from.replay;
      shrinkage = from.shrinkage;
    }

    /** Images per training step. */
    public Builder miniBatch(int images) {
      miniBatch = images;
      return this;
    }

    /** Images per inference step. */
    public Builder inferenceBatch(int images) {
      inferenceBatch = images;
      return this;
    }

    /** How the first experience is trained. */
    public Builder first(Phase phase) {
      first = phase;
      return this;
    }

    /** How the other experiences are trained. */
    public Builder later(Phase phase) {
      later = phase;
      return this;
    }

    /** The momentum of the solver. */
    public Builder momentum(float value) {
      momentum = value;
      return this;
    }

    /** The weight decay. */
    public Builder weightDecay(float value) {
      weightDecay = value;
      return this;
    }

    /** How normalizations behave in training. */
    public Builder norm(NormKind kind) {
      norm = kind;
      return this;
    }

    /** The schedule of batch renormalization in the first experience. */
    public Builder renormSteps(int plain, int full) {
      plainSteps = plain;
      fullStep = full;
      return this;
    }

    /** How CWR merges rows. */
    public Builder headRule(ConsolidateHead.Rule rule) {
      headRule = rule;
      return this;
    }

    /** Synaptic intelligence. */
    public Builder synaptic(SynapticSettings settings) {
      synaptic = settings;
      return this;
    }

    /** Whether training images are flipped at random. */
    public Builder augment(boolean flip) {
      augment = flip;
      return this;
    }

    /** When {@code cumulative} trains. */
    public Builder retrain(Retraining schedule) {
      retrain = schedule;
      return this;
    }

    /** The memory of latent replay. */
    public Builder replay(ReplaySettings settings) {
      replay = settings;
      return this;
    }

    /** The shrinkage of {@code slda}. */
    public Builder shrinkage(double epsilon) {
      shrinkage = epsilon;
      return this;
    }

    /** The settings. */
    public Hyperparameters build() {
      return new Hyperparameters(
          miniBatch,
          inferenceBatch,
          first,
          later,
          momentum,
          weightDecay,
          norm,
          plainSteps,
          fullStep,
          headRule,
          synaptic,
          augment,
          retrain,
          replay,
          shrinkage);
    }
  }
}
