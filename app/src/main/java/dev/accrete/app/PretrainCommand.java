package dev.accrete.app;

import dev.accrete.cl.data.DataSets;
import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.LabelledData;
import dev.accrete.cl.data.PackOptions;
import dev.accrete.cl.data.PackedImages;
import dev.accrete.cl.pretrain.Augmentation;
import dev.accrete.cl.pretrain.BackboneTrainer;
import dev.accrete.cl.pretrain.PretrainOptions;
import dev.accrete.cl.pretrain.Pretraining;
import dev.accrete.cl.run.InputLoader;
import dev.accrete.cl.run.OutputFolder;
import dev.accrete.cl.run.ShellWords;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.ModelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code accrete pretrain}: a backbone from an image folder. */
@Command(
    name = "pretrain",
    description =
        "Trains a network on labelled images, resumes by itself if it was interrupted, and writes"
            + " backbone.safetensors and model-card.md.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    showDefaultValues = true)
final class PretrainCommand implements Callable<Integer> {
  private static final int MOST_THREADS = 1024; // beyond the processors they only wait

  @Spec CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description =
          "images:DIR (folders train and test or val, in them one for each class), cifar10:DIR,"
              + " idx:DIR or sim")
  String data;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "mobilenet-v1:0.5",
      description = "model[:width]")
  String model;

  @Option(
      names = "--phases",
      paramLabel = "PHASES",
      defaultValue = "64x24",
      description = "image size x epochs, in order: 32x6,48x8,64x6")
  String phases;

  @Option(
      names = "--start",
      paramLabel = "FILE",
      showDefaultValue = Visibility.NEVER,
      description =
          "safetensors to start from instead of random weights: of the same model, or of a narrower"
              + " one, which is widened without a change of its function (Net2Net)")
  Optional<Path> start = Optional.empty();

  @Option(
      names = "--mini-batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "images of a step")
  int miniBatch;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      defaultValue = "0.15",
      description = "the peak")
  float learningRate;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      defaultValue = "500",
      description = "steps until the peak")
  int warmupSteps;

  @Option(
      names = "--weight-decay",
      paramLabel = "R",
      defaultValue = "1e-4",
      description = "pull of the weights to zero")
  float weightDecay;

  @Option(
      names = "--label-smoothing",
      paramLabel = "R",
      defaultValue = "0.1",
      description = "part of each target spread over all classes")
  float labelSmoothing;

  @Option(
      names = "--shift",
      paramLabel = "R",
      defaultValue = "0.0625",
      description = "crop shift / image size")
  double shift;

  @Option(
      names = "--crop-area",
      paramLabel = "R",
      defaultValue = "1",
      description =
          "least part of an image's area that a random resized crop keeps, before the shift; 1 crops"
              + " nothing")
  double cropArea;

  @Option(
      names = "--cut-mix",
      paramLabel = "R",
      defaultValue = "0",
      description = "share of images that get a window of another image, and its label by area")
  double cutMix;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "decides everything random")
  long seed;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = Backends.AUTO,
      description = "what computes; 'accrete info' lists what can run here")
  String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "0 = one per processor")
  int threads;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "state and results; resumed from")
  Path out;

  /** The options, checked: all that can be refused before data are opened. */
  private record Settings(
      PretrainOptions recipe, BackendOptions hardware, DataSpec images, String command) {}

  @Override
  public Integer call() {
    Settings settings = Failures.settings(spec, this::settings);
    OutputFolder.requireApart(out, settings.images.folder().stream().toList());
    Console console = Console.of(spec);
    Map<Integer, LabelledData> opened = new HashMap<>();
    Backends.notices(backend).forEach(console::note);
    try (Backend engine = Backends.create(backend, settings.hardware)) {
      Pretraining.Result result =
          new BackboneTrainer(engine, model, settings.recipe, out)
              .run(
                  size -> opened.computeIfAbsent(size, s -> packed(settings.images, s)),
                  new PretrainProgress(console),
                  settings.command);
      console.print(
          String.format(
              Locale.ROOT,
              "validation top-1 %.2f%%; wrote %s",
              100 * result.validationAccuracy(),
              out.resolve(BackboneTrainer.WEIGHTS)));
      return 0;
    } finally {
      opened.values().forEach(LabelledData::close);
    }
  }

  private Settings settings() {
    PretrainOptions recipe =
        new PretrainOptions(
            PretrainOptions.parsePhases(phases),
            miniBatch,
            learningRate,
            warmupSteps,
            weightDecay,
            labelSmoothing,
            new Augmentation(shift, cropArea, cutMix),
            seed,
            start.map(PretrainCommand::absolute));
    start.ifPresent(
        file -> require(Files.isRegularFile(file), "--start: there is no file " + file));
    DataSpec images = DataSpec.parse(data);
    images
        .folder()
        .ifPresent(
            folder ->
                require(
                    Files.isDirectory(folder),
                    "--data: there is no folder " + folder + "; check its name"));
    recipe.phases().forEach(phase -> requireModel(phase.imageSize()));
    require(
        threads >= 0 && threads <= MOST_THREADS,
        "--threads is " + threads + ", must be 0 (one" + " per processor) to " + MOST_THREADS);
    BackendOptions hardware =
        threads == 0 ? BackendOptions.defaults() : BackendOptions.defaults().withThreads(threads);
    return new Settings(recipe, hardware, images, command(images));
  }

  /** The command line again, such that it does the same from any folder. */
  private String command(DataSpec images) {
    List<String> words = new ArrayList<>(List.of("./accrete", spec.name()));
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (option.arity().max() == 0) {
        continue; // decides nothing
      }
      words.add(option.longestName());
      words.add(
          switch (option.longestName()) {
            case "--data" -> images.toString();
            case "--start", "--out" ->
                absolute(Path.of(option.originalStringValues().getLast())).toString();
            default -> option.originalStringValues().getLast();
          });
    }
    return ShellWords.join(words);
  }

  private void requireModel(int imageSize) {
    try {
      ModelSpec.parse(model, imageSize, 2);
    } catch (AccreteException e) {
      throw new IllegalArgumentException("--model: " + e.getMessage(), e);
    }
  }

  private static void require(boolean met, String otherwise) {
    if (!met) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static LabelledData packed(DataSpec images, int size) {
    LabelledData source = InputLoader.opening(images, () -> DataSets.labelled(images, size));
    return new LabelledData(pack(source.train()), pack(source.test()));
  }

  private static ImageSet pack(ImageSet source) {
    return PackedImages.of(source, PackOptions.defaults());
  }
}
