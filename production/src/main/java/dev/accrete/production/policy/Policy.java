package dev.accrete.production.policy;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.AtomicFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that a store's owner decides. Immutable, and never undefined: {@link #DEFAULT} says what is
 * not said.
 *
 * @param values bounds of metrics, whatever the champion's are
 * @param changes how much worse than the champion a candidate may be
 * @param recallFloors classes whose least recall is not {@link GatePolicy#recallFloor}
 */
public record Policy(
    IngestPolicy ingest,
    GatePolicy gate,
    List<ValueRule> values,
    List<ChangeRule> changes,
    List<RecallFloor> recallFloors,
    RetentionPolicy retention,
    RetrainPolicy retrain,
    ServePolicy serve,
    NotifyPolicy notification,
    CostPolicy cost) {
  /** The name of the file in a store. */
  public static final String FILE = "policy.yaml";

  /** The word for a text that is not given. */
  static final String NONE = "none";

  /** Images whose hashes differ in half of their 64 bits are unrelated. */
  private static final int MOST_BITS = 31;

  /** What is not said otherwise. */
  public static final Policy DEFAULT =
      new Policy(
          IngestPolicy.DEFAULT,
          GatePolicy.DEFAULT,
          List.of(ValueRule.of(Metric.ACCURACY, Selector.ALL, 0.3)),
          List.of(
              ChangeRule.of(Metric.ACCURACY, Selector.ALL, 0.02),
              ChangeRule.of(Metric.ACCURACY, "set=regression", 0.02),
              ChangeRule.of(Metric.BALANCED_ACCURACY, Selector.ALL, 0.03),
              ChangeRule.of(Metric.RECALL, "class=*", 0.15),
              ChangeRule.of(Metric.LOG_LOSS, Selector.ALL, 0.5)),
          List.of(),
          RetentionPolicy.DEFAULT,
          RetrainPolicy.DEFAULT,
          ServePolicy.DEFAULT,
          NotifyPolicy.DEFAULT,
          CostPolicy.DEFAULT);

  /**
   * Copies the lists and checks everything.
   *
   * @throws AccreteException if a number is out of range, or values contradict each other
   */
  public Policy {
    values = List.copyOf(values);
    changes = List.copyOf(changes);
    recallFloors = List.copyOf(recallFloors);
    check(ingest, notification, values, changes, recallFloors);
    PolicyForm.checkRanges(
        List.of(ingest, gate, retention, retrain, serve, notification, cost),
        List.of(values, changes, recallFloors));
  }

  private static void check(
      IngestPolicy ingest,
      NotifyPolicy notification,
      List<ValueRule> values,
      List<ChangeRule> changes,
      List<RecallFloor> floors) {
    List<String> problems = new ArrayList<>(notification.problems());
    warnFirst(problems, "class-mix", ingest.classMixWarn(), ingest.classMixRefuse());
    warnFirst(problems, "properties", ingest.propertiesWarn(), ingest.propertiesRefuse());
    warnFirst(problems, "latents", ingest.latentsWarn(), ingest.latentsRefuse());
    if (ingest.nearDuplicates().orElse(0) > MOST_BITS) {
      problems.add(
          "ingest.duplicate-distance is "
              + ingest.duplicateDistance()
              + ", must be at least 0 and at most "
              + MOST_BITS
              + ", or off");
    }
    once(problems, "gate.values", values);
    once(problems, "gate.changes", changes);
    Set<String> classes = new HashSet<>();
    for (RecallFloor floor : floors) {
      if (!classes.add(floor.className())) {
        problems.add("gate.recall-floors names class '" + floor.className() + "' twice");
      }
    }
    if (!problems.isEmpty()) {
      throw new AccreteException(String.join("; ", problems));
    }
  }

  private static void warnFirst(List<String> problems, String what, double warn, double refuse) {
    if (warn > refuse) {
      problems.add(
          "ingest."
              + what
              + "-warn is "
              + warn
              + ", must not be above ingest."
              + what
              + "-refuse ("
              + refuse
              + ")");
    }
  }

  private static void once(List<String> problems, String key, List<? extends Rule> rules) {
    Set<List<Object>> seen = new HashSet<>();
    for (Rule rule : rules) {
      try {
        if (!seen.add(List.of(rule.metric(), rule.selector().toString(), rule.better()))) {
          problems.add(
              key + " has two rules for " + rule.metric().spelled() + " of " + rule.slice());
        }
        if (rule.metric() == Metric.RECALL && !rule.selector().values().containsKey("class")) {
          problems.add(
              key
                  + ": recall of "
                  + rule.slice()
                  + " has no class; use accuracy or balanced-accuracy, or a slice with class=");
        }
      } catch (IllegalArgumentException e) {
        problems.add(key + ": " + e.getMessage());
      }
    }
  }

  static Optional<String> unlessNone(String text) {
    return text.equals(NONE) ? Optional.empty() : Optional.of(text);
  }

  /**
   * Reads a file; what it leaves out is as in {@link #DEFAULT}.
   *
   * @throws AccreteException if it cannot be read, a key is unknown or stands there twice, a value
   *     is out of its range, or values contradict each other: one line that names file, line, key,
   *     value and range
   */
  public static Policy read(Path file) {
    return PolicyReader.read(file);
  }

  /**
   * Reads a file if there is one; else what is not said otherwise.
   *
   * @throws AccreteException as {@link #read(Path)}
   */
  public static Policy read(Optional<Path> file) {
    return file.map(PolicyReader::read).orElse(DEFAULT);
  }

  /**
   * Reads the text of a file.
   *
   * @param source its name, for errors
   * @throws AccreteException as {@link #read(Path)}
   */
  public static Policy parse(String text, String source) {
    return PolicyReader.parse(text, source);
  }

  /** The text of a file that says all this, with every key explained. */
  public String toYaml() {
    return PolicyWriter.yaml(this);
  }

  /**
   * Writes that file, atomically.
   *
   * @throws AccreteException if it cannot be written; an old file is then untouched
   */
  public void write(Path file) {
    AtomicFiles.write(file, List.of(toYaml().getBytes(StandardCharsets.UTF_8)));
  }

  /** The least recall of a class. */
  public double recallFloor(String className) {
    return recallFloors.stream()
        .filter(floor -> floor.className().equals(className))
        .mapToDouble(RecallFloor::floor)
        .findFirst()
        .orElse(gate.recallFloor());
  }
}
