package dev.accrete.cl.run;

import dev.accrete.cl.metrics.Evaluation;
import dev.accrete.cl.scenario.Batch;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.cl.scenario.Scenario;
import dev.accrete.cl.strategy.ConfiguredStrategy;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.cl.strategy.Strategy;
import dev.accrete.nn.Model;
import dev.accrete.nn.NumericalException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads strategies along a stream, one after the other, saving after every experience.
 *
 * <p>The checkpoint is the truth: it holds the strategy's state and its rows. {@code batches.csv}
 * is written anew from the checkpoints when a run goes on, so that a process killed at any moment
 * leaves neither a row too many nor one too few.
 */
public final class RunLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RunLoop.class);

  private final RunConfig config;
  private final RunDirectory directory;
  private final RunInputs inputs;
  private final RunObserver observer;
  private final Map<String, Checkpoint> unfinished = new HashMap<>();
  private final List<ConfiguredStrategy<?>> configured;

  /** A run, new or to be continued, whatever {@code directory} holds. */
  public RunLoop(RunConfig config, RunDirectory directory, RunInputs inputs, RunObserver observer) {
    this.config = config;
    this.directory = directory;
    this.inputs = inputs;
    this.observer = observer;
    this.configured = configured(config, inputs);
  }

  /**
   * Runs to the end.
   *
   * @return the ledgers of all strategies, in the order of the configuration
   * @throws dev.accrete.core.AccreteException if a file cannot be written, a checkpoint cannot be
   *     used, data cannot be read, or training leaves the range of numbers; what was saved before
   *     stays
   */
  public List<Ledger> run() {
    List<Ledger> ledgers = new ArrayList<>();
    configured.forEach(strategy -> strategy.requireWithin(experiences()));
    for (String name : config.strategies()) {
      ledgers.add(restoredLedger(name));
    }
    directory.write(config);
    writeBatches(ledgers);
    for (Ledger ledger : ledgers) {
      observer.strategyStarted(
          ledger.strategy(),
          ledger.next(),
          configured(ledger.strategy()).expectedWork(inputs.scenario().sizes()));
      if (ledger.next() < experiences() || unfinished.containsKey(ledger.strategy())) {
        runStrategy(ledger);
      }
      observer.strategyFinished(ledger);
    }
    writeBatches(ledgers);
    return ledgers;
  }

  /**
   * The strategies of a run with their settings, which follow the whole stream and not the part of
   * it that is learned.
   *
   * @throws dev.accrete.core.AccreteException if a setting is unknown or its value not allowed
   */
  public static List<ConfiguredStrategy<?>> configured(RunConfig config, RunInputs inputs) {
    return config.configured(inputs.horizon(), inputs.scenario().batches().size());
  }

  private ConfiguredStrategy<?> configured(String name) {
    return configured.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private int experiences() {
    return inputs.scenario().batches().size();
  }

  private Ledger restoredLedger(String name) {
    Optional<Checkpoint> checkpoint = directory.checkpoint(name);
    checkpoint.ifPresent(
        saved -> {
          saved.requireOrigin(Origin.of(configured(name), config, inputs));
          // Killed before its model was written, it only needs that.
          if (saved.ledger().next() < experiences() || !Files.exists(directory.model(name))) {
            unfinished.put(name, saved);
          }
        });
    return checkpoint.map(Checkpoint::ledger).orElseGet(() -> new Ledger(name));
  }

  private void writeBatches(List<Ledger> ledgers) {
    directory.writeBatches(
        inputs.scenario().groups(),
        ledgers.stream().flatMap(ledger -> ledger.rows().stream()).toList());
  }

  private void runStrategy(Ledger ledger) {
    String name = ledger.strategy();
    CheckpointStore checkpoints = directory.checkpoints(name);
    Origin origin = Origin.of(configured(name), config, inputs);
    try (Strategy strategy = configured(name).create(inputs.context())) {
      Optional.ofNullable(unfinished.remove(name))
          .ifPresent(saved -> strategy.restore(saved.state()));
      List<Batch> stream = inputs.scenario().batches();
      BitSet seen = seen(stream.subList(0, ledger.next()));
      for (Batch batch : stream.subList(ledger.next(), stream.size())) {
        LedgerRow row = learn(strategy, batch, seen, ledger);
        observer.learned(row);
        if (isDue(batch.index(), config.checkpointEvery())) {
          checkpoints.save(strategy::save, ledger, origin);
          observer.saved(name, ledger.next());
        }
        directory.appendBatch(row, inputs.scenario().groups().size());
        observer.recorded(row);
      }
      if (strategy.ready()) {
        exported(strategy).ifPresent(model -> directory.saveModel(name, model));
      }
    }
  }

  /** A model that cannot be made must not take the other strategies along. */
  private Optional<Model> exported(Strategy strategy) {
    try {
      return Optional.of(model(strategy));
    } catch (RuntimeException e) { // strategies from outside may throw anything
      LOG.warn("{} gives no model: {}; all else is saved", strategy.name(), e.getMessage());
      LOG.debug("why there is no model", e);
      return Optional.empty();
    }
  }

  private LedgerRow learn(Strategy strategy, Batch batch, BitSet seen, Ledger ledger) {
    String name = strategy.name();
    int index = batch.index();
    Cost cost = train(strategy, Experience.of(batch, inputs.train()));
    Arrays.stream(batch.classes()).forEach(seen::set);
    Optional<Evaluation> test =
        isTestDue(strategy, index) ? Optional.of(evaluate(strategy, inputs)) : Optional.empty();
    LedgerRow row =
        new LedgerRow(
            name,
            index,
            batch.size(),
            batch.classes().length,
            seen.cardinality(),
            test.map(Evaluation::accuracy).orElse(Double.NaN),
            test.map(Evaluation::groupAccuracy).orElse(List.of()),
            cost);
    ledger.add(row, test, seen.stream().toArray());
    return row;
  }

  private Cost train(Strategy strategy, Experience experience) {
    try {
      return strategy.learn(
          experience,
          (done, total) -> observer.training(strategy.name(), experience.index(), done, total));
    } catch (NumericalException e) {
      throw new NumericalException(
          strategy.name() + ", experience " + (experience.index() + 1) + ": " + e.getMessage());
    }
  }

  /** What a strategy of this run has learned, as a model that predicts by itself. */
  private Model model(Strategy strategy) {
    Map<String, String> provenance = new TreeMap<>();
    provenance.put("strategy", strategy.name());
    provenance.put("scenario", config.scenario());
    provenance.put("run", Integer.toString(config.run()));
    provenance.put("experiences", Integer.toString(experiences()));
    provenance.put("images", inputs.train().name());
    provenance.put("weights", inputs.weights());
    provenance.put("seed", Long.toString(config.seed()));
    configured(strategy.name())
        .toMap()
        .forEach((name, value) -> provenance.put("setting." + name, value));
    return strategy.model(config.model(), inputs.train().classNames(), provenance);
  }

  /** Scores a strategy on the test set of a run. */
  public static Evaluation evaluate(Strategy strategy, RunInputs inputs) {
    Scenario scenario = inputs.scenario();
    int[] positions = scenario.test();
    int[] labels = Arrays.stream(positions).map(inputs.test()::label).toArray();
    return Evaluation.of(scenario, labels, strategy.predict(inputs.test(), positions));
  }

  // A sampled re-training is rare and dear: whenever it happened it is also tested.
  private boolean isTestDue(Strategy strategy, int index) {
    return strategy.ready()
        && (configured(strategy.name()).isSampled()
            || index == 0
            || isDue(index, config.testEvery()));
  }

  private boolean isDue(int index, int every) {
    return (index + 1) % every == 0 || index + 1 == experiences();
  }

  private static BitSet seen(List<Batch> learned) {
    BitSet seen = new BitSet();
    learned.forEach(batch -> Arrays.stream(batch.classes()).forEach(seen::set));
    return seen;
  }
}
