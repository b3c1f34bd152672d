package dev.accrete.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Prediction;
import dev.accrete.nn.Predictor;
import dev.accrete.nn.image.ImageException;
import dev.accrete.nn.image.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete predict}. */
@Command(
    name = "predict",
    description = "What a model takes images for: class names with probabilities.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class PredictCommand implements Callable<Integer> {
  private static final int TOGETHER = 32;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description =
          "A model, as learn, run and export write it; or a store, for what is in production.")
  private Path model;

  @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "Image files.")
  private List<Path> images;

  @Option(names = "--top", paramLabel = "K", defaultValue = "3", description = "Default: 3.")
  private int top;

  @Option(names = "--json", description = "One JSON object a line, with every class.")
  private boolean json;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    engine.prepare();
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top is " + top + ", must be at least 1");
    }
    Console console = Console.of(spec);
    boolean store = Stores.isOne(model);
    if (Files.isDirectory(model) && !store) {
      throw new ParameterException(
          spec.commandLine(),
          model
              + " is a folder: name the model in it, such as "
              + model.resolve("model.safetensors"));
    }
    Model loaded = store ? Stores.champion(model) : ModelPlaces.file(model);
    int failed = 0;
    try (Backend backend = engine.open();
        Predictor predictor = loaded.open(backend)) {
      List<List<String>> rows = new ArrayList<>();
      for (int from = 0; from < images.size(); from += TOGETHER) {
        List<Path> some = images.subList(from, Math.min(images.size(), from + TOGETHER));
        failed += predict(predictor, some, console, rows);
      }
      if (!rows.isEmpty()) {
        console.print(SummaryTable.aligned(rows).stripTrailing());
      }
    }
    return failed == 0 ? 0 : 1;
  }

  /**
   * Several images at once; one by one if one of them cannot be decoded. Returns how many cannot.
   */
  private int predict(
      Predictor predictor, List<Path> some, Console console, List<List<String>> rows) {
    List<Prediction> predictions;
    try {
      predictions = predictor.predict(some.stream().map(Picture::of).toList());
    } catch (ImageException e) {
      if (some.size() == 1) {
        console.note("accrete: " + e.getMessage());
        return 1;
      }
      return some.stream().mapToInt(one -> predict(predictor, List.of(one), console, rows)).sum();
    }
    for (int i = 0; i < some.size(); i++) {
      if (json) {
        console.print(json(some.get(i), predictions.get(i)));
      } else {
        rows.add(row(some.get(i), predictions.get(i)));
      }
    }
    return 0;
  }

  private List<String> row(Path image, Prediction prediction) {
    List<String> cells = new ArrayList<>(List.of(image.toString()));
    List<Prediction.Candidate> best = prediction.top(Math.min(top, prediction.candidates().size()));
    for (Prediction.Candidate candidate : best) {
      cells.add(
          String.format(Locale.ROOT, "%s %.1f%%", candidate.name(), 100 * candidate.probability()));
    }
    return cells;
  }

  private static String json(Path image, Prediction prediction) {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    prediction.candidates().forEach(c -> probabilities.put(c.name(), c.probability()));
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("image", image.toString());
    line.put("class", prediction.best().name());
    line.put("probabilities", probabilities);
    try {
      return new ObjectMapper().writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a prediction that JSON cannot hold: " + prediction, e);
    }
  }
}
