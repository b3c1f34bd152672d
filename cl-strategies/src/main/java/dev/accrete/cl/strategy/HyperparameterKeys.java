package dev.accrete.cl.strategy;

import dev.accrete.cl.strategy.SynapticSettings.Sparsity;
import dev.accrete.core.AccreteException;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.nn.NormKind;
import dev.accrete.nn.SparseImportance;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The settings by the names the command line and {@code config.json} use. */
final class HyperparameterKeys {
  private static final String ALL = "all";
  private static final String NONE = "none";

  /** One setting: how it is read and how it is replaced. */
  private record Key(
      Function<Hyperparameters, String> get,
      BiFunction<Hyperparameters, String, Hyperparameters> with) {}

  private static final Map<String, Key> KEYS = new LinkedHashMap<>();

  static {
    key("mini-batch", h -> h.miniBatch(), (h, v) -> h.toBuilder().miniBatch(integer(v)).build());
    key(
        "inference-batch",
        h -> h.inferenceBatch(),
        (h, v) -> h.toBuilder().inferenceBatch(integer(v)).build());
    phase("first.", Hyperparameters::first, (h, p) -> h.toBuilder().first(p).build());
    phase("later.", Hyperparameters::later, (h, p) -> h.toBuilder().later(p).build());
    key("momentum", h -> h.momentum(), (h, v) -> h.toBuilder().momentum(real(v)).build());
    key("weight-decay", h -> h.weightDecay(), (h, v) -> h.toBuilder().weightDecay(real(v)).build());
    key(
        "norm",
        h -> spelled(h.norm()),
        (h, v) -> h.toBuilder().norm(constant(NormKind.class, v)).build());
    key(
        "plain-steps",
        h -> h.plainSteps(),
        (h, v) -> h.toBuilder().renormSteps(integer(v), h.fullStep()).build());
    key(
        "full-step",
        h -> h.fullStep(),
        (h, v) -> h.toBuilder().renormSteps(h.plainSteps(), integer(v)).build());
    key(
        "head-rule",
        h -> spelled(h.headRule()),
        (h, v) -> h.toBuilder().headRule(constant(ConsolidateHead.Rule.class, v)).build());
    synaptic(
        "penalty",
        s -> spelled(s.penalty()),
        (s, v) -> s.withPenalty(constant(SgdSynaptic.Penalty.class, v)));
    synaptic(
        "trajectory",
        s -> spelled(s.trajectory()),
        (s, v) -> s.withTrajectory(constant(SgdSynaptic.Trajectory.class, v)));
    synaptic("scale", s -> s.scale(), (s, v) -> s.withScale(real(v)));
    synaptic("damping", s -> s.damping(), (s, v) -> s.withDamping(real(v)));
    synaptic("max", s -> s.max(), (s, v) -> s.withMax(real(v)));
    synaptic("strength", s -> s.strength(), (s, v) -> s.withStrength(real(v)));
    sparsity("density", s -> s.density(), (s, v) -> s.withDensity(Double.parseDouble(v)));
    sparsity(
        "selection",
        s -> spelled(s.selection()),
        (s, v) -> s.withSelection(constant(SparseImportance.Grouping.class, v)));
    sparsity(
        "sparse",
        s -> spelled(s.criterion()),
        (s, v) -> s.withCriterion(constant(SparseImportance.Criterion.class, v)));
    key("augment", h -> h.augment(), (h, v) -> h.toBuilder().augment(truth(v)).build());
    retrain(
        "last-epochs",
        r -> r.lastEpochs(),
        (r, v) -> new Retraining(integer(v), r.maxEpochs(), r.at()));
    retrain(
        "max-epochs",
        r -> r.maxEpochs() == Retraining.UNCAPPED ? NONE : r.maxEpochs(),
        (r, v) ->
            new Retraining(
                r.lastEpochs(), v.equals(NONE) ? Retraining.UNCAPPED : integer(v), r.at()));
    retrain(
        "at",
        r -> r.at().isEmpty() ? ALL : join(r.at()),
        (r, v) ->
            new Retraining(r.lastEpochs(), r.maxEpochs(), v.equals(ALL) ? List.of() : integers(v)));
    replay("layer", r -> r.layer(), (r, v) -> r.withLayer(v));
    replay("memory", r -> r.capacity(), (r, v) -> r.withCapacity(integer(v)));
    replay(
        "storage",
        r -> spelled(r.storage()),
        (r, v) -> r.withStorage(constant(ReplaySettings.Storage.class, v)));
    key(
        "slda.shrinkage",
        h -> h.shrinkage(),
        (h, v) -> h.toBuilder().shrinkage(Double.parseDouble(v)).build());
  }

  private HyperparameterKeys() {}

  static Hyperparameters with(Hyperparameters settings, String name, String value) {
    Key key = KEYS.get(name);
    if (key == null) {
      throw new AccreteException(
          "there is no setting '" + name + "'; use one of " + String.join(", ", KEYS.keySet()));
    }
    try {
      return key.with.apply(settings, value.strip());
    } catch (NumberFormatException e) {
      throw new AccreteException(
          "setting " + name + ": '" + value + "' is not a number like " + key.get.apply(settings),
          e);
    } catch (IllegalArgumentException e) {
      throw new AccreteException("setting " + name + " = '" + value + "': " + e.getMessage(), e);
    }
  }

  static Map<String, String> toMap(Hyperparameters settings) {
    Map<String, String> map = new LinkedHashMap<>();
    KEYS.forEach((name, key) -> map.put(name, key.get.apply(settings)));
    return map;
  }

  private static void key(
      String name,
      Function<Hyperparameters, Object> get,
      BiFunction<Hyperparameters, String, Hyperparameters> with) {
    KEYS.put(name, new Key(h -> get.apply(h).toString(), with));
  }

  private static void phase(
      String prefix,
      Function<Hyperparameters, Phase> get,
      BiFunction<Hyperparameters, Phase, Hyperparameters> with) {
    Map<String, Function<Phase, Object>> getters = new LinkedHashMap<>();
    getters.put("epochs", Phase::epochs);
    getters.put("learning-rate", Phase::learningRate);
    getters.put("head-multiplier", Phase::headMultiplier);
    getters.put("r-max", Phase::rMax);
    getters.put("d-max", Phase::dMax);
    getters.put("averaging", Phase::averaging);
    getters.forEach(
        (name, getter) ->
            key(
                prefix + name,
                h -> getter.apply(get.apply(h)),
                (h, v) -> with.apply(h, changed(get.apply(h), name, v))));
  }

  private static Phase changed(Phase phase, String name, String value) {
    return switch (name) {
      case "epochs" -> phase.withEpochs(integer(value));
      case "learning-rate" -> phase.withLearningRate(real(value));
      case "head-multiplier" -> phase.withHeadMultiplier(real(value));
      case "r-max" -> phase.withLimits(real(value), phase.dMax());
      case "d-max" -> phase.withLimits(phase.rMax(), real(value));
      case "averaging" -> phase.withAveraging(real(value));
      default -> throw new IllegalArgumentException("no setting of a phase is named " + name);
    };
  }

  private static void synaptic(
      String name,
      Function<SynapticSettings, Object> get,
      BiFunction<SynapticSettings, String, SynapticSettings> with) {
    key(
        "si." + name,
        h -> get.apply(h.synaptic()),
        (h, v) -> h.toBuilder().synaptic(with.apply(h.synaptic(), v)).build());
  }

  private static void sparsity(
      String name, Function<Sparsity, Object> get, BiFunction<Sparsity, String, Sparsity> with) {
    synaptic(
        name, s -> get.apply(s.sparsity()), (s, v) -> s.withSparsity(with.apply(s.sparsity(), v)));
  }

  private static void retrain(
      String name,
      Function<Retraining, Object> get,
      BiFunction<Retraining, String, Retraining> with) {
    key(
        "cumulative." + name,
        h -> get.apply(h.retrain()),
        (h, v) -> h.toBuilder().retrain(with.apply(h.retrain(), v)).build());
  }

  private static void replay(
      String name,
      Function<ReplaySettings, Object> get,
      BiFunction<ReplaySettings, String, ReplaySettings> with) {
    key(
        "replay." + name,
        h -> get.apply(h.replay()),
        (h, v) -> h.toBuilder().replay(with.apply(h.replay(), v)).build());
  }

  private static int integer(String value) {
    return Integer.parseInt(value);
  }

  private static float real(String value) {
    return Float.parseFloat(value);
  }

  private static List<Integer> integers(String value) {
    return Arrays.stream(value.split(",", -1)).map(v -> Integer.valueOf(v.strip())).toList();
  }

  private static String join(List<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static boolean truth(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  /** An enum constant as the command line spells it: {@code gradient-scale}. */
  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String value) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    return constants.stream()
        .filter(c -> spelled(c).equals(value.toLowerCase(Locale.ROOT).replace('_', '-')))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be one of "
                        + constants.stream()
                            .map(HyperparameterKeys::spelled)
                            .collect(Collectors.joining(", "))));
  }
}
