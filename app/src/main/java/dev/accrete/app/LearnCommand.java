package dev.accrete.app;

import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.OnCorrupt;
import dev.accrete.cl.data.PackOptions;
import dev.accrete.cl.data.PackedImages;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.run.FolderLock;
import dev.accrete.cl.run.OutputFolder;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete learn}: one day of a stream that does not end. */
@Command(
    name = "learn",
    description =
        "Learns one day's labelled images with the learner in a folder, which is made if there is"
            + " none; classes are told by name, and new ones may come at any time.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class LearnCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "LEARNER", description = "The learner's folder.")
  private Path folder;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description =
          "The day: images:DIR with a folder of images for each class, or any other data, of which"
              + " the training images are learned.")
  private String data;

  @Option(
      names = "--model-out",
      paramLabel = "FILE",
      description = "Where the model goes. Default: model.safetensors in the learner's folder.")
  private @Nullable Path modelOut;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "New learner: default analytic; 'accrete settings' lists them.")
  private @Nullable String strategy;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "New learner: default mobilenet-v1:0.5.")
  private @Nullable String model;

  @Option(names = "--image-size", paramLabel = "PIXELS", description = "New learner: default 64.")
  private @Nullable Integer imageSize;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "New learner: auto (see accrete info), none or a file. Default: auto.")
  private @Nullable String weights;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "New learner: a setting of the strategy; 'accrete settings' lists them.")
  private @Nullable Map<String, String> settings;

  @Option(
      names = "--classes",
      paramLabel = "NAME",
      split = ",",
      description = "New learner: classes known beforehand, in the order of their ids.")
  private @Nullable List<String> classes;

  @Option(
      names = "--room",
      paramLabel = "N",
      description =
          "New learner: rows of the head for classes to come; with enough of them it learns as if it"
              + " had known all classes. Default: none, the head grows.")
  private @Nullable Integer room;

  @Option(
      names = "--horizon",
      paramLabel = "DAYS",
      description = "New learner: days that schedules are made for. Default: 391.")
  private @Nullable Integer horizon;

  @Option(names = "--seed", paramLabel = "S", description = "New learner: default 0.")
  private @Nullable Long seed;

  @Mixin private EngineOptions engine;

  @Option(
      names = "--skip-corrupt",
      description = "Leave out images that cannot be decoded instead of stopping.")
  private boolean skipCorrupt;

  @Option(names = "--again", description = "Learn a day that was learned before once more.")
  private boolean again;

  @Override
  public Integer call() {
    engine.prepare();
    Console console = Console.of(spec);
    DataSpec source = usage(() -> DataSpec.parse(data));
    OutputFolder.requireApart(folder, source.folder().stream().toList());
    boolean exists = ContinualLearner.exists(folder);
    LearnerConfig fresh = exists ? null : config();
    Path file = target(source);
    boolean made = !Files.exists(folder);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AccreteException("cannot make the folder " + folder + ": " + e, e);
    }
    try (FolderLock lock = FolderLock.of(folder, "learner.lock")) {
      try (Backend backend = engine.open();
          ContinualLearner learner =
              fresh == null
                  ? ContinualLearner.load(folder, backend)
                  : ContinualLearner.create(fresh, backend)) {
        if (fresh == null) {
          refuseOthers(learner.config());
        }
        learn(learner, source, file, console);
      } catch (RuntimeException e) {
        if (made) {
          removeIfUnused(lock);
        }
        throw e;
      }
    }
    return 0;
  }

  /** A folder made for a learner that then could not begin. */
  private void removeIfUnused(FolderLock lock) {
    try {
      if (!ContinualLearner.exists(folder)) {
        lock.remove();
        Files.deleteIfExists(folder);
      }
    } catch (DirectoryNotEmptyException e) {
      return; // somebody else came for it, or what was begun says more than an empty folder
    } catch (IOException e) {
      Console.of(spec).note("accrete: " + folder + " was left behind: " + e.getMessage());
    }
  }

  private void learn(ContinualLearner learner, DataSpec source, Path file, Console console) {
    ImageSet day = source.open().day(learner.config().imageSize());
    try (Progress progress = new Progress(console);
        PackedImages packed =
            PackedImages.of(
                day,
                PackOptions.defaults()
                    .onCorrupt(skipCorrupt ? OnCorrupt.SKIP : OnCorrupt.FAIL)
                    .reportingTo(progress.images(day.name())))) {
      if (!again && learner.hasLearned(packed)) {
        throw new AccreteException(
            "the learner in "
                + folder
                + " has learned just these "
                + packed.size()
                + " images of "
                + data
                + " before: name another day, or add --again to learn them once more");
      }
      int before = learner.known(packed);
      if (before > 0) {
        console.note(
            "accrete: "
                + before
                + " of the "
                + packed.size()
                + " images of "
                + data
                + " were learned before and count once more");
      }
      int known = learner.classes().size();
      Cost cost = learner.learn(packed, progress.images("day " + (learner.days() + 1)));
      Optional<Model> model =
          learner.canPredict() ? Optional.of(learner.model()) : Optional.empty();
      // First the model, which can be made again, so that a failure leaves the day unlearned; but
      // a folder that holds anything before it holds a learner is nobody's.
      boolean first = modelOut == null && !ContinualLearner.exists(folder);
      if (!first) {
        model.ifPresent(made -> made.save(file));
      }
      learner.save(folder);
      if (first) {
        model.ifPresent(made -> made.save(file));
      }
      List<String> all = learner.classes();
      console.print(
          String.format(
              Locale.ROOT,
              "day %d: %d images in %.1f s, %d classes%s%s; %s",
              learner.days(),
              packed.size(),
              cost.seconds(),
              all.size(),
              all.size() > known
                  ? ", new: " + String.join(", ", all.subList(known, all.size()))
                  : "",
              packed.skipped() > 0 ? ", " + packed.skipped() + " damaged images left out" : "",
              model.isPresent()
                  ? "model: " + file
                  : "no model yet: "
                      + learner.config().strategy()
                      + " has trained at no day so far (see its settings)"));
    }
  }

  /** Where the model goes; checked before hours of learning. */
  private Path target(DataSpec source) {
    if (modelOut == null) {
      return folder.resolve("model.safetensors");
    }
    return LearnerOptions.modelFile(spec, folder, modelOut, source.folder().stream().toList());
  }

  private LearnerConfig config() {
    return usage(
        () ->
            new LearnerConfig(
                model == null ? "mobilenet-v1:0.5" : model,
                imageSize == null ? 64 : imageSize,
                strategy == null ? "analytic" : strategy,
                settings == null ? Map.of() : settings,
                classes == null ? List.of() : classes,
                room == null ? 0 : room,
                weights == null ? LearnerConfig.WEIGHTS_AUTO : weights,
                seed == null ? 0 : seed,
                horizon == null ? 391 : horizon));
  }

  /** A learner that exists has its settings: another value would be ignored without a word. */
  private void refuseOthers(LearnerConfig settled) {
    refuse("--strategy", strategy, settled.strategy());
    refuse("--model", model, settled.architecture());
    refuse("--image-size", imageSize, settled.imageSize());
    refuse("--set", settings, settled.settings());
    refuse("--room", room, settled.room());
    refuse("--horizon", horizon, settled.horizon());
    refuse("--seed", seed, settled.seed());
    refuse("--classes", classes, settled.classes());
    if (weights != null && !weights.equals(LearnerConfig.WEIGHTS_AUTO)) {
      refuse("--weights", weights, "those it began with");
    }
  }

  private void refuse(String option, @Nullable Object given, Object settled) {
    if (given != null && !given.equals(settled)) {
      throw new ParameterException(
          spec.commandLine(),
          option
              + " is settled by the learner in "
              + folder
              + " ("
              + settled
              + "): leave it out, or name another folder for a new learner");
    }
  }

  private <T> T usage(Supplier<T> settings) {
    try {
      return settings.get();
    } catch (IllegalArgumentException | AccreteException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
