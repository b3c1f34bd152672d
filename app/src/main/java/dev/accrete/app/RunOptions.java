package dev.accrete.app;

import dev.accrete.cl.data.DataProviders;
import dev.accrete.cl.scenario.Scenarios;
import dev.accrete.cl.scenario.Scoring;
import dev.accrete.cl.strategy.Strategies;
import dev.accrete.core.Precision;
import dev.accrete.nn.ModelProvider;
import dev.accrete.nn.ModelSpec;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * The options that make a configuration. The fields bear the names of {@link
 * dev.accrete.cl.run.RunConfig}'s components, and only those the user gave count.
 */
@SuppressWarnings("UnusedVariable") // picocli writes the fields, given() reads them by reflection
final class RunOptions {
  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      completionCandidates = ScenarioForms.class,
      description = "The stream: ${COMPLETION-CANDIDATES}. Default: nicv2-391.")
  private @Nullable String scenario;

  @Option(names = "--run", paramLabel = "N", description = "Which of its orders. Default: 0.")
  private @Nullable Integer run;

  @Option(
      names = "--first",
      paramLabel = "N",
      description = "Learn only the first N experiences. Default: all.")
  private @Nullable Integer first;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      split = ",",
      completionCandidates = StrategyNames.class,
      description = "One or more of ${COMPLETION-CANDIDATES}. Default: ar1-star.")
  private @Nullable List<String> strategies;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      completionCandidates = DataForms.class,
      description = "One of ${COMPLETION-CANDIDATES}. Default: sim (the simulated CORe50).")
  private @Nullable String data;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      completionCandidates = ModelForms.class,
      description = "One of ${COMPLETION-CANDIDATES}. Default: mobilenet-v1:1.0.")
  private @Nullable String model;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "First weights: a safetensors file; auto = the embedded backbone if there is one; none ="
              + " random. Default: auto.")
  private @Nullable String weights;

  @Option(
      names = "--image-size",
      paramLabel = "PIXELS",
      description = "Height and width. Default: 128.")
  private @Nullable Integer imageSize;

  @Option(
      names = "--frames-every",
      paramLabel = "K",
      description = "Learn every K-th frame of a CORe50 sequence. Default: 1.")
  private @Nullable Integer framesEvery;

  @Option(
      names = "--test-frames-every",
      paramLabel = "K",
      description =
          "Test every K-th frame of the CORe50 test sessions: 20 = the published test set, 1 = all"
              + " 44,972. Default: 20.")
  private @Nullable Integer testFramesEvery;

  @Option(
      names = "--scoring",
      paramLabel = "HOW",
      description =
          "once: each test image counts once; published: the first 51 count twice, as in the"
              + " published scores. Default: once.")
  private @Nullable Scoring scoring;

  @Option(
      names = "--test-every",
      paramLabel = "K",
      description = "Test after every K-th experience, the first and the last. Default: 1.")
  private @Nullable Integer testEvery;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "K",
      description = "Save after every K-th experience and the last. Default: 1.")
  private @Nullable Integer checkpointEvery;

  @Option(
      names = "--cumulative-at",
      paramLabel = "N",
      split = ",",
      description =
          "Re-train 'cumulative' at these experiences (from 1) and the last only; savings then rest"
              + " on interpolation. Default: at all.")
  private @Nullable List<Integer> cumulativeAt;

  @Option(
      names = "--hyper",
      paramLabel = "[STRATEGY:]NAME=VALUE",
      description =
          "Change a setting of all strategies or of one, such as mini-batch=64 or"
              + " naive:later.epochs=4. May be repeated; 'accrete settings' lists them.")
  private @Nullable Map<String, String> hyper;

  @Option(
      names = "--skip-corrupt",
      description = "Leave out images that cannot be decoded instead of stopping.")
  private @Nullable Boolean skipCorrupt;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What computes; 'accrete info' lists what can run here. Default: auto.")
  private @Nullable String backend;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      description =
          "fp32; or tf32 or bf16, to which a GPU rounds the factors of products. Default: fp32.")
  private @Nullable Precision precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Worker threads; results do not depend on it. Default: all processors.")
  private @Nullable Integer threads;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Decides everything random. Default: 0.")
  private @Nullable Long seed;

  @Option(
      names = "--plugins",
      paramLabel = "PATH",
      split = ",",
      description = "Jars or folders with strategies, data, scenarios or models from outside.")
  private @Nullable List<String> plugins;

  /** For the help text. */
  static final class DataForms extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    DataForms() {
      super(List.of(DataProviders.usages()));
    }
  }

  /** For the help text. */
  static final class ModelForms extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    ModelForms() {
      super(ModelSpec.providers().stream().map(ModelProvider::usage).toList());
    }
  }

  /** For the help text. */
  static final class ScenarioForms extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    ScenarioForms() {
      super(List.of(Scenarios.forms()));
    }
  }

  /** For the help text. */
  static final class StrategyNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    StrategyNames() {
      super(Strategies.names());
    }
  }

  /** The settings named on the command line of {@code spec}, into which this is mixed. */
  static Map<String, Object> given(CommandSpec spec) {
    Map<String, Object> given = new LinkedHashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (option.userObject() instanceof Field field
          && field.getDeclaringClass().equals(RunOptions.class)) {
        given.put(field.getName(), option.getValue());
      }
    }
    return given;
  }
}
