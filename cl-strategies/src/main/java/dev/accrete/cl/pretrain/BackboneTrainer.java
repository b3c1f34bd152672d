package dev.accrete.cl.pretrain;

import dev.accrete.cl.data.LabelledData;
import dev.accrete.core.Backend;
import dev.accrete.nn.ModelSpec;
import dev.accrete.nn.Network;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.WeightFile;
import dev.accrete.nn.io.AtomicFiles;
import dev.accrete.nn.io.StoredType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Runs a {@link Pretraining} and writes what it gives: weights in half precision, and their card.
 */
public final class BackboneTrainer {
  /** The name of the weights in the output folder. */
  public static final String WEIGHTS = "backbone.safetensors";

  /** The name of the model card in the output folder. */
  public static final String CARD = "model-card.md";

  private final Backend backend;
  private final String model;
  private final PretrainOptions options;
  private final Path folder;

  /**
   * Prepares a training.
   *
   * @param model as {@link ModelSpec} reads it, without image size and classes
   * @param folder for the state, the weights and the card
   */
  public BackboneTrainer(Backend backend, String model, PretrainOptions options, Path folder) {
    this.backend = backend;
    this.model = model;
    this.options = options;
    this.folder = folder;
  }

  /**
   * Trains, or goes on training, to the end.
   *
   * @param dataAt the images at a size
   * @param command how a reader can repeat it, for the card
   */
  public Pretraining.Result run(
      IntFunction<LabelledData> dataAt, Pretraining.Listener listener, String command) {
    options.phases().forEach(phase -> ModelSpec.parse(model, phase.imageSize(), 1));
    LabelledData last = dataAt.apply(options.phases().getLast().imageSize());
    int classes = last.train().classNames().size();
    IntFunction<Network> networks = size -> ModelSpec.parse(model, size, classes);
    return new Pretraining(
            backend,
            networks,
            size -> dataAt.apply(size).train(),
            size -> dataAt.apply(size).test(),
            options,
            folder,
            listener)
        .run(result -> write(networks, last, result, command));
  }

  private void write(
      IntFunction<Network> networks, LabelledData last, Pretraining.Result result, String command) {
    Network network = networks.apply(last.train().width());
    Map<String, String> remarks =
        new TreeMap<>(WeightFile.remarks(last.train().classNames(), Preprocessing.imageNet()));
    remarks.put("data", last.train().name());
    remarks.put("phases", options.phasesText());
    remarks.put("validationTop1", String.format(Locale.ROOT, "%.4f", result.validationAccuracy()));
    WeightFile.save(folder.resolve(WEIGHTS), network, result.weights(), StoredType.F16, remarks);
    String card =
        ModelCard.markdown(
            network, last.train(), last.test(), options, result, backend.description(), command);
    AtomicFiles.write(folder.resolve(CARD), List.of(card.getBytes(StandardCharsets.UTF_8)));
  }
}
