package dev.accrete.cl.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.sim.Renderer;
import dev.accrete.cl.scenario.CoreOptions;
import dev.accrete.cl.scenario.Nicv2Schedule;
import dev.accrete.cl.scenario.Scenarios;
import dev.accrete.cl.scenario.Scoring;
import dev.accrete.cl.strategy.ConfiguredStrategy;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Precision;
import dev.accrete.nn.ModelSpec;
import dev.accrete.nn.StartingWeights;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that decides what a run does; {@code config.json} is this record.
 *
 * @param scenario see {@link Scenarios#forms}
 * @param run which of the scenario's orders
 * @param first how many experiences of the stream to learn; 0 for all
 * @param strategies names of {@link Strategies#names}, run one after the other
 * @param data {@code sim}, {@code core50:DIR}, {@code images:DIR}, {@code cifar10:DIR} or {@code
 *     idx:DIR}
 * @param model such as {@code mobilenet-v1:0.5}
 * @param imageSize height and width in pixels
 * @param framesEvery every how many frames of a CORe50 sequence one is learned
 * @param testFramesEvery every how many frames of the CORe50 test list one is tested; 20 is the
 *     published test set
 * @param scoring how often each CORe50 test image counts
 * @param testEvery every how many experiences the test set is scored; always after the last
 * @param checkpointEvery every how many experiences the state is saved; always after the last
 * @param cumulativeAt experiences, counted from 1, at which strategies with a setting {@code
 *     cumulative.at} train, besides the last of the run; empty for all
 * @param hyper settings of the strategies by name, such as {@code mini-batch}; {@code
 *     naive:mini-batch} for one strategy alone
 * @param weights {@code auto} (the embedded backbone if there is one), {@code none}, or a file
 * @param skipCorrupt whether images that cannot be decoded are left out instead of ending the run
 * @param backend what computes
 * @param precision to which a GPU may round the factors of products
 * @param threads worker threads; results do not depend on it
 * @param seed decides everything random
 * @param plugins jars and folders with providers from outside, see {@link Plugins}
 */
public record RunConfig(
    String scenario,
    int run,
    int first,
    List<String> strategies,
    String data,
    String model,
    int imageSize,
    int framesEvery,
    int testFramesEvery,
    Scoring scoring,
    int testEvery,
    int checkpointEvery,
    List<Integer> cumulativeAt,
    Map<String, String> hyper,
    String weights,
    boolean skipCorrupt,
    String backend,
    Precision precision,
    int threads,
    long seed,
    List<String> plugins) {
  /** The embedded backbone for the model, or random weights if there is none. */
  public static final String WEIGHTS_AUTO = StartingWeights.AUTO;

  /** Random weights. */
  public static final String WEIGHTS_NONE = StartingWeights.NONE;

  private static final String SAMPLED_AT = "cumulative.at";

  /** How many there are is known only with the data. */
  private static final int ANY_CLASSES = 2;

  /** Without effect over data that have no frames. */
  private static final List<String> OF_FRAMES =
      List.of("framesEvery", "testFramesEvery", "scoring");

  private static final RunConfig DEFAULTS =
      new RunConfig(
          "nicv2-391",
          0,
          0,
          List.of("ar1-star"),
          "sim",
          "mobilenet-v1:1.0",
          128,
          1,
          20,
          Scoring.ONCE,
          1,
          1,
          List.of(),
          Map.of(),
          WEIGHTS_AUTO,
          false,
          "auto",
          Precision.FP32,
          Runtime.getRuntime().availableProcessors(),
          0,
          List.of());

  /**
   * Checks what can be checked without data.
   *
   * @throws IllegalArgumentException naming the setting, its value and what is allowed
   */
  public RunConfig {
    strategies = List.copyOf(strategies);
    cumulativeAt = cumulativeAt.stream().distinct().sorted().toList();
    hyper = Collections.unmodifiableMap(new TreeMap<>(hyper));
    plugins = plugins.stream().map(RunConfig::absolute).distinct().toList();
    Plugins.use(plugins.stream().map(Path::of).toList());
    Scenarios.parse(scenario);
    requireStrategies(strategies);
    data = DataSpec.parse(data).toString();
    weights = new StartingWeights(weights).file().isPresent() ? absolute(weights) : weights;
    requireAtLeast("run", run, 0);
    requireAtLeast("first", first, 0);
    requireAtLeast("imageSize", imageSize, 8);
    requireAtLeast("framesEvery", framesEvery, 1);
    requireAtLeast("testFramesEvery", testFramesEvery, 1);
    requireAtLeast("testEvery", testEvery, 1);
    requireAtLeast("checkpointEvery", checkpointEvery, 1);
    requireAtLeast("threads", threads, 1);
    cumulativeAt.forEach(at -> requireAtLeast("cumulativeAt", at, 1));
    requireModel(model, imageSize);
    if (data.equals(DataSpec.simulated().toString()) && imageSize > Renderer.MAX_SIZE) {
      throw new IllegalArgumentException(
          "--image-size is "
              + imageSize
              + ", the simulated CORe50 (--data sim) is drawn at up to "
              + Renderer.MAX_SIZE
              + " pixels");
    }
    try {
      Strategies.configure(strategies, Nicv2Schedule.OFFICIAL_SIZES.getLast(), hyper);
    } catch (AccreteException e) {
      throw new IllegalArgumentException("--hyper: " + e.getMessage(), e);
    }
  }

  /**
   * The strategies with their settings.
   *
   * @param horizon experiences of the whole stream
   * @param experiences experiences of the part that is learned
   * @throws AccreteException if a setting is unknown or its value not allowed
   */
  public List<ConfiguredStrategy<?>> configured(int horizon, int experiences) {
    Map<String, String> changes = new LinkedHashMap<>(hyper);
    if (!cumulativeAt.isEmpty() && isSampling(horizon)) {
      changes.put(SAMPLED_AT, sampled(experiences));
    }
    return Strategies.configure(strategies, horizon, changes);
  }

  /**
   * Checks what a new run would ignore without a word, and a stream that can be told without data.
   *
   * @param given the settings the user named, by the names of this record's components
   * @throws IllegalArgumentException naming the option, its value and what is allowed
   */
  public void requireUsable(Set<String> given) {
    requireUsed(given);
    DataSpec source = DataSpec.parse(data);
    if (source.hasFrames()) {
      CoreOptions options = new CoreOptions(framesEvery, testFramesEvery, scoring);
      requireWithin(Scenarios.parse(scenario).overCore50(options, run).batches().size());
    }
    if (!given.contains("cumulativeAt")) {
      return;
    }
    if (!isSampling(1)) {
      throw new IllegalArgumentException(
          "--cumulative-at is for strategies with a setting "
              + SAMPLED_AT
              + ", which none of "
              + String.join(", ", strategies)
              + " has: leave it out, or add such as cumulative to --strategy");
    }
    if (hyper.keySet().stream().anyMatch(k -> (":" + k).endsWith(":" + SAMPLED_AT))) {
      throw new IllegalArgumentException(
          "--cumulative-at and --hyper " + SAMPLED_AT + " say the same: give one of them");
    }
  }

  /**
   * Checks that no option was given that the data leave without effect.
   *
   * @param given the settings the user named, by the names of this record's components
   * @throws IllegalArgumentException naming the option
   */
  public void requireUsed(Set<String> given) {
    if (DataSpec.parse(data).hasFrames()) {
      return;
    }
    ObjectNode values = tree();
    ObjectNode defaults = DEFAULTS.tree();
    for (String name : OF_FRAMES) {
      if (given.contains(name) && !values.get(name).equals(defaults.get(name))) {
        throw new IllegalArgumentException(
            option(name)
                + " "
                + text(values.get(name))
                + " is for data with frames (sim or core50:DIR), not for "
                + data
                + ": leave it out");
      }
    }
  }

  /**
   * Checks what is counted in experiences.
   *
   * @param horizon experiences of the whole stream
   * @throws IllegalArgumentException naming the option, its value and the length of the stream
   */
  public void requireWithin(int horizon) {
    if (first > horizon) {
      throw new IllegalArgumentException(
          "--first is "
              + first
              + ", the stream has only "
              + horizon
              + " experiences: give fewer, or leave it out for all");
    }
    int learned = first == 0 ? horizon : first;
    if (!cumulativeAt.isEmpty() && cumulativeAt.getLast() > learned) {
      throw new IllegalArgumentException(
          "--cumulative-at is "
              + cumulativeAt.getLast()
              + ", the run learns only "
              + learned
              + " experiences: give numbers from 1 to "
              + learned);
    }
  }

  private boolean isSampling(int horizon) {
    return strategies.stream()
        .anyMatch(name -> Strategies.configure(name, horizon).schema().has(SAMPLED_AT));
  }

  private static void requireModel(String model, int imageSize) {
    try {
      ModelSpec.parse(model, imageSize, ANY_CLASSES);
    } catch (AccreteException e) {
      throw new IllegalArgumentException(
          String.valueOf(e.getMessage()).replace(" for " + ANY_CLASSES + " classes", ""), e);
    }
  }

  /** What was typed relative to a working folder means the same in another one. */
  private static String absolute(String path) {
    try {
      return Path.of(path).toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + path + "' is no path: " + e.getMessage(), e);
    }
  }

  // Without the last experience nothing could be said of the final accuracy and cost.
  private String sampled(int experiences) {
    return Stream.concat(cumulativeAt.stream().filter(n -> n < experiences), Stream.of(experiences))
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }

  /** The whole of NICv2-391 on the simulated CORe50 with AR1*, as in the paper. */
  public static RunConfig defaults() {
    return DEFAULTS;
  }

  /**
   * This configuration with some settings replaced.
   *
   * @param settings by the names of this record's components
   * @throws IllegalArgumentException if a name is unknown or a value is not allowed
   */
  public RunConfig with(Map<String, ?> settings) {
    ObjectNode tree = tree();
    settings.forEach((name, value) -> tree.set(name, Json.MAPPER.valueToTree(value)));
    return of(tree);
  }

  /** Reads what {@link #tree} gave. */
  static RunConfig of(JsonNode tree) {
    if (!tree.isObject()) {
      throw new IllegalArgumentException("the configuration is not a JSON object but: " + tree);
    }
    for (RecordComponent component : RunConfig.class.getRecordComponents()) {
      JsonNode value = tree.path(component.getName());
      if (value.isMissingNode() || value.isNull()) {
        throw new IllegalArgumentException("the setting '" + component.getName() + "' is missing");
      }
      for (JsonNode item : value) {
        if (item.isNull()) {
          throw new IllegalArgumentException(
              "the setting '" + component.getName() + "' holds null: " + value);
        }
      }
    }
    try {
      return Json.MAPPER.treeToValue(tree, RunConfig.class);
    } catch (ValueInstantiationException e) {
      throw new IllegalArgumentException(message(e), e);
    } catch (UnrecognizedPropertyException e) {
      throw new IllegalArgumentException("unknown setting '" + e.getPropertyName() + "'", e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  ObjectNode tree() {
    return Json.MAPPER.valueToTree(this);
  }

  /** The option of the command line that sets a component: {@code imageSize}: --image-size. */
  public static String option(String component) {
    String name = component.equals("strategies") ? "strategy" : component;
    StringBuilder option = new StringBuilder("--");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        option.append('-');
      }
      option.append(Character.toLowerCase(c));
    }
    return option.toString();
  }

  /** A command line that starts this run. */
  public String commandLine() {
    ObjectNode defaults = DEFAULTS.tree();
    StringBuilder line = new StringBuilder("./accrete run");
    Map<String, JsonNode> changed = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : tree().properties()) {
      boolean always = List.of("scenario", "strategies", "data", "model").contains(entry.getKey());
      if (always || !entry.getValue().equals(defaults.get(entry.getKey()))) {
        changed.put(entry.getKey(), entry.getValue());
      }
    }
    changed.forEach(
        (name, value) -> {
          switch (name) {
            case "threads" -> {} // changes nothing in the result
            case "skipCorrupt" -> line.append(" --skip-corrupt");
            case "hyper" ->
                hyper.forEach(
                    (k, v) -> line.append(" --hyper ").append(ShellWords.quote(k + "=" + v)));
            default ->
                line.append(' ')
                    .append(option(name))
                    .append(' ')
                    .append(ShellWords.quote(text(value)));
          }
        });
    return line.toString();
  }

  /** A value the way the command line spells it. */
  static String text(JsonNode value) {
    if (value.isArray()) {
      StringBuilder list = new StringBuilder();
      value.forEach(item -> list.append(list.isEmpty() ? "" : ",").append(item.asText()));
      return list.toString();
    }
    if (value.isObject()) {
      return value.toString();
    }
    return value.asText().equals(value.asText().toUpperCase(Locale.ROOT))
        ? value.asText().toLowerCase(Locale.ROOT) // enum constants
        : value.asText();
  }

  private static String message(ValueInstantiationException e) {
    Throwable cause = e.getCause();
    return cause == null ? e.getOriginalMessage() : String.valueOf(cause.getMessage());
  }

  private static void requireStrategies(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "no strategy is named: use --strategy with one or more of " + Strategies.names());
    }
    for (String name : names) {
      if (!Strategies.names().contains(name)) {
        throw new IllegalArgumentException(
            "unknown strategy '"
                + name
                + "': use one or more of "
                + Strategies.names()
                + ", or name the jar it is in with --plugins");
      }
    }
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException("a strategy is named twice in " + names);
    }
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          option(name) + " is " + value + ", must be at least " + least);
    }
  }
}
