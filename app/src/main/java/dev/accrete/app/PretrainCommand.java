package dev.accrete.app;

import dev.accrete.cl.data.DataSets;
import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.LabelledData;
import dev.accrete.cl.data.PackOptions;
import dev.accrete.cl.data.PackedImages;
import dev.accrete.cl.pretrain.BackboneTrainer;
import dev.accrete.cl.pretrain.PretrainOptions;
import dev.accrete.cl.pretrain.Pretraining;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code accrete pretrain}: a backbone from an image folder. */
@Command(
    name = "pretrain",
    description = {
      "Trains a network on labelled images, resumes by itself if it was interrupted, and writes",
      "backbone.safetensors and model-card.md."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class PretrainCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(names = "--data", required = true, description = "images:DIR, cifar10:DIR or idx:DIR")
  String data;

  @Option(names = "--model", defaultValue = "mobilenet-v1:0.5", description = "model[:width]")
  String model;

  @Option(
      names = "--phases",
      defaultValue = "64x24",
      description = "image size x epochs, in order: 32x6,48x8,64x6")
  String phases;

  @Option(
      names = "--start",
      paramLabel = "FILE",
      description = {
        "safetensors to start from instead of random weights: of the same model, or of a narrower",
        "one, which is widened without a change of its function (Net2Net)"
      })
  Optional<Path> start = Optional.empty();

  @Option(names = "--mini-batch", defaultValue = "128")
  int miniBatch;

  @Option(names = "--learning-rate", defaultValue = "0.15", description = "the peak")
  float learningRate;

  @Option(names = "--warmup-steps", defaultValue = "500")
  int warmupSteps;

  @Option(names = "--weight-decay", defaultValue = "1e-4")
  float weightDecay;

  @Option(names = "--label-smoothing", defaultValue = "0.1")
  float labelSmoothing;

  @Option(names = "--shift", defaultValue = "0.0625", description = "crop shift / image size")
  double shift;

  @Option(names = "--seed", defaultValue = "1")
  long seed;

  @Option(names = "--backend", defaultValue = Backends.AUTO)
  String backend;

  @Option(names = "--threads", defaultValue = "0", description = "0 = one per processor")
  int threads;

  @Option(names = "--out", required = true, description = "state and results; resumed from")
  Path out;

  @Override
  public Integer call() {
    PretrainOptions options =
        new PretrainOptions(
            PretrainOptions.parsePhases(phases),
            miniBatch,
            learningRate,
            warmupSteps,
            weightDecay,
            labelSmoothing,
            shift,
            seed,
            start);
    BackendOptions hardware =
        threads == 0 ? BackendOptions.defaults() : BackendOptions.defaults().withThreads(threads);
    DataSpec images = DataSpec.parse(data);
    Map<Integer, LabelledData> opened = new HashMap<>();
    try (Backend engine = Backends.create(backend, hardware)) {
      String command =
          "./accrete "
              + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
      PrintStream terminal = System.out;
      Pretraining.Result result =
          new BackboneTrainer(engine, model, options, out)
              .run(
                  size -> opened.computeIfAbsent(size, s -> packed(images, s)),
                  new PretrainProgress(terminal),
                  command);
      terminal.printf(
          Locale.ROOT,
          "validation top-1 %.2f%%; wrote %s%n",
          100 * result.validationAccuracy(),
          out.resolve(BackboneTrainer.WEIGHTS));
      return 0;
    } finally {
      opened.values().forEach(LabelledData::close);
    }
  }

  private static LabelledData packed(DataSpec images, int size) {
    LabelledData source = DataSets.labelled(images, size);
    return new LabelledData(pack(source.train()), pack(source.test()));
  }

  private static ImageSet pack(ImageSet source) {
    return PackedImages.of(source, PackOptions.defaults());
  }
}
