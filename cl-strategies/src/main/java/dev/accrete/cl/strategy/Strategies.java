package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.nn.NormKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The strategies by name, and the settings each was published with. */
public final class Strategies {
  /** Architectural and regularization approach: CWR* head, synaptic intelligence below it. */
  public static final String AR1_STAR = "ar1-star";

  /** The control: AR1* with plain batch normalization. */
  public static final String AR1_STAR_BN = "ar1-star-bn";

  /** AR1* with latent replay, without synaptic intelligence. */
  public static final String AR1_FREE = "ar1-free";

  /** Copy weights with re-init: a frozen network under a consolidated head. */
  public static final String CWR_STAR = "cwr-star";

  /** Fine-tuning. */
  public static final String NAIVE = "naive";

  /** Re-train and re-deploy. */
  public static final String CUMULATIVE = "cumulative";

  /** Streaming linear discriminant analysis on the pre-trained features. */
  public static final String SLDA = "slda";

  /** The streams whose limits of batch renormalization were published, and those limits. */
  private record PublishedLimits(int experiences, float rMax, float dMax) {}

  private static final List<PublishedLimits> LIMITS =
      List.of(
          new PublishedLimits(79, 1.25f, 0.5f),
          new PublishedLimits(196, 1.25f, 0.5f),
          new PublishedLimits(391, 1.5f, 2.5f));

  @FunctionalInterface
  private interface Factory {
    Strategy create(StrategyContext context, Hyperparameters settings);
  }

  private static final Map<String, Factory> FACTORIES = new LinkedHashMap<>();

  static {
    FACTORIES.put(AR1_STAR, (context, settings) -> new Ar1Star(AR1_STAR, context, settings));
    FACTORIES.put(AR1_STAR_BN, (context, settings) -> new Ar1Star(AR1_STAR_BN, context, settings));
    FACTORIES.put(AR1_FREE, Ar1Free::new);
    FACTORIES.put(CWR_STAR, CwrStar::new);
    FACTORIES.put(NAIVE, Naive::new);
    FACTORIES.put(CUMULATIVE, Cumulative::new);
    FACTORIES.put(SLDA, Slda::new);
  }

  private Strategies() {}

  /** The names {@link #create} knows. */
  public static List<String> names() {
    return List.copyOf(FACTORIES.keySet());
  }

  /**
   * A fresh strategy with its published settings.
   *
   * @throws AccreteException if there is no such strategy, or not enough memory
   */
  public static Strategy create(String name, StrategyContext context) {
    return create(name, context, defaults(name, context.experiences()));
  }

  /**
   * A fresh strategy.
   *
   * @throws AccreteException if there is no such strategy, or not enough memory
   */
  public static Strategy create(String name, StrategyContext context, Hyperparameters settings) {
    return factory(name).create(context, settings);
  }

  private static Factory factory(String name) {
    Factory factory = FACTORIES.get(name);
    if (factory == null) {
      throw new AccreteException(
          "there is no strategy '" + name + "'; use one of " + String.join(", ", names()));
    }
    return factory;
  }

  static Hyperparameters defaults(String name, int experiences) {
    factory(name);
    PublishedLimits limits = nearest(experiences);
    Phase first = new Phase(4, 1e-3f, 1f, 3f, 5f, 0.99f);
    Phase later = first.withLimits(limits.rMax, limits.dMax).withAveraging(0.9999f);
    Hyperparameters common =
        new Hyperparameters(
            128,
            64,
            first,
            later,
            0.9f,
            5e-4f,
            NormKind.RENORM,
            48,
            96,
            ConsolidateHead.Rule.CWR_STAR,
            SynapticSettings.NONE,
            false,
            Retraining.PUBLISHED,
            ReplaySettings.PUBLISHED,
            1e-4);
    return switch (name) {
      case AR1_STAR, AR1_STAR_BN ->
          common.toBuilder()
              .later(later.withLearningRate(1e-4f).withHeadMultiplier(10f))
              .synaptic(SynapticSettings.PUBLISHED)
              .norm(name.equals(AR1_STAR) ? NormKind.RENORM : NormKind.BATCH)
              .build();
      case AR1_FREE ->
          common.toBuilder()
              .later(later.withLearningRate(3e-4f).withHeadMultiplier(10f).withAveraging(0.99995f))
              .build();
      case NAIVE -> common.toBuilder().later(later.withEpochs(2).withLearningRate(3.5e-5f)).build();
      default -> common;
    };
  }

  private static PublishedLimits nearest(int experiences) {
    PublishedLimits best = LIMITS.getFirst();
    for (PublishedLimits limits : LIMITS) {
      if (Math.abs(limits.experiences - experiences) < Math.abs(best.experiences - experiences)) {
        best = limits;
      }
    }
    return best;
  }
}
