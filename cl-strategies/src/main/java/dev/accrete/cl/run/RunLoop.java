package dev.accrete.cl.run;

import dev.accrete.cl.metrics.Evaluation;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.cl.scenario.Scenario;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.cl.strategy.Hyperparameters;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.cl.strategy.Strategy;
import dev.accrete.nn.NumericalException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leads strategies along a stream, one after the other, saving after every experience.
 *
 * <p>The checkpoint is the truth: it holds the strategy's state and its rows. {@code batches.csv}
 * is written anew from the checkpoints when a run goes on, so that a process killed at any moment
 * leaves neither a row too many nor one too few.
 */
public final class RunLoop {
  private final RunConfig config;
  private final RunDirectory directory;
  private final RunInputs inputs;
  private final RunObserver observer;
  private final Map<String, Checkpoint> unfinished = new HashMap<>();

  /** A run, new or to be continued, whatever {@code directory} holds. */
  public RunLoop(RunConfig config, RunDirectory directory, RunInputs inputs, RunObserver observer) {
    this.config = config;
    this.directory = directory;
    this.inputs = inputs;
    this.observer = observer;
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
    for (String name : config.strategies()) {
      ledgers.add(restoredLedger(name));
    }
    directory.write(config);
    writeBatches(ledgers);
    for (Ledger ledger : ledgers) {
      observer.strategyStarted(ledger.strategy(), ledger.next(), work(ledger.strategy()));
      if (ledger.next() < experiences()) {
        runStrategy(ledger);
      }
      observer.strategyFinished(ledger);
    }
    writeBatches(ledgers);
    return ledgers;
  }

  /** A fresh strategy with the settings of a run. */
  public static Strategy create(String name, RunConfig config, RunInputs inputs) {
    return Strategies.create(
        name, inputs.context(), settings(name, config, inputs.scenario().experiences().size()));
  }

  /**
   * The settings of one strategy: the published ones, changed by the configuration.
   *
   * @throws dev.accrete.core.AccreteException if a setting is unknown or its value not allowed
   */
  public static Hyperparameters settings(String name, RunConfig config, int experiences) {
    Hyperparameters settings = Hyperparameters.defaults(name, experiences);
    for (var entry : config.hyper().entrySet()) {
      String[] key = entry.getKey().split(":", 2);
      if (key.length == 1 || key[0].equals(name)) {
        settings = settings.with(key[key.length - 1], entry.getValue());
      }
    }
    if (name.equals(Strategies.CUMULATIVE) && !config.cumulativeAt().isEmpty()) {
      settings = settings.with("cumulative.at", sampled(config.cumulativeAt(), experiences));
    }
    return settings;
  }

  // Without the last experience nothing could be said of the final accuracy and cost.
  private static String sampled(List<Integer> at, int experiences) {
    List<String> numbers = new ArrayList<>();
    at.stream().filter(n -> n < experiences).forEach(n -> numbers.add(n.toString()));
    numbers.add(Integer.toString(experiences));
    return String.join(",", numbers);
  }

  private long[] work(String strategy) {
    return ExpectedWork.of(
        strategy, settings(strategy, config, experiences()), inputs.scenario().sizes());
  }

  private int experiences() {
    return inputs.scenario().experiences().size();
  }

  private Ledger restoredLedger(String name) {
    Optional<Checkpoint> checkpoint = directory.checkpoint(name);
    checkpoint.ifPresent(
        saved -> {
          saved.requireOrigin(Origin.of(name, config, inputs));
          if (saved.ledger().next() < experiences()) {
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
    try (Strategy strategy = create(name, config, inputs)) {
      Optional.ofNullable(unfinished.remove(name)).ifPresent(strategy::restore);
      Origin origin = Origin.of(name, config, inputs);
      List<Experience> stream = inputs.scenario().experiences();
      BitSet seen = seen(stream.subList(0, ledger.next()));
      for (Experience experience : stream.subList(ledger.next(), stream.size())) {
        LedgerRow row = learn(strategy, experience, seen, ledger);
        observer.learned(row);
        if (isDue(experience.index(), config.checkpointEvery())) {
          checkpoints.save(strategy::save, ledger, origin);
          observer.saved(name, ledger.next());
        }
        directory.appendBatch(row, inputs.scenario().groups().size());
        observer.recorded(row);
      }
    }
  }

  private LedgerRow learn(Strategy strategy, Experience experience, BitSet seen, Ledger ledger) {
    String name = strategy.name();
    int index = experience.index();
    Cost cost = train(strategy, experience);
    Arrays.stream(experience.classes()).forEach(seen::set);
    Optional<Evaluation> test =
        isTestDue(strategy, index) ? Optional.of(evaluate(strategy, inputs)) : Optional.empty();
    LedgerRow row =
        new LedgerRow(
            name,
            index,
            experience.size(),
            experience.classes().length,
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
          inputs.train(),
          (done, total) -> observer.training(strategy.name(), experience.index(), done, total));
    } catch (NumericalException e) {
      throw new NumericalException(
          strategy.name() + ", experience " + (experience.index() + 1) + ": " + e.getMessage());
    }
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
    boolean sampled =
        strategy.name().equals(Strategies.CUMULATIVE)
            && !strategy.hyperparameters().retrain().at().isEmpty();
    return strategy.ready() && (sampled || index == 0 || isDue(index, config.testEvery()));
  }

  private boolean isDue(int index, int every) {
    return (index + 1) % every == 0 || index + 1 == experiences();
  }

  private static BitSet seen(List<Experience> learned) {
    BitSet seen = new BitSet();
    learned.forEach(experience -> Arrays.stream(experience.classes()).forEach(seen::set));
    return seen;
  }
}
