package dev.accrete.app;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.run.FolderLock;
import dev.accrete.cl.run.OutputFolder;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What commands share that change a learner which is there. */
final class LearnerOptions {
  private static final String MODEL = "model.safetensors";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "LEARNER", description = "The learner's folder.")
  private Path folder;

  @Option(
      names = "--model-out",
      paramLabel = "FILE",
      description =
          "Where the model goes too. Default: model.safetensors in the learner's folder alone.")
  private @Nullable Path modelOut;

  @Mixin private EngineOptions engine;

  /** Changes a learner, and says what changed. */
  @FunctionalInterface
  interface Change {
    String apply(ContinualLearner learner, Backend backend);
  }

  /** To be called before anything else. */
  void prepare() {
    engine.prepare();
  }

  Path folder() {
    return folder;
  }

  /**
   * Changes the learner; saves its model first, which can be made again, and then the learner. What
   * a learner that knows no image any more leaves is no model.
   *
   * @param sources folders that must not be written to
   */
  int change(List<Path> sources, Change change) {
    Path file = modelFile(sources);
    if (!Files.exists(folder.resolve("learner.safetensors"))) {
      throw new AccreteException(
          "there is no learner in " + folder + ": make one with accrete learn");
    }
    try (FolderLock _ = FolderLock.of(folder, "learner.lock");
        Backend backend = engine.open();
        ContinualLearner learner = ContinualLearner.load(folder, backend)) {
      String changed = change.apply(learner, backend);
      Optional<Model> model =
          learner.canPredict() ? Optional.of(learner.model()) : Optional.empty();
      // The learner's own model too, which would still know what is to be forgotten.
      Path own = folder.resolve(MODEL);
      Set<Path> files = Files.exists(own) ? new LinkedHashSet<>(List.of(file, own)) : Set.of(file);
      for (Path each : files) {
        model.ifPresentOrElse(known -> known.save(each), () -> remove(each));
      }
      learner.save(folder);
      Console.of(spec)
          .print(
              changed
                  + (model.isPresent()
                      ? "; model: " + file
                      : "; there is nothing to predict, and so no model"));
    }
    return 0;
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new AccreteException(
          "cannot remove " + file + ", which still knows what was forgotten: " + e, e);
    }
  }

  private Path modelFile(List<Path> sources) {
    OutputFolder.requireApart(folder, sources);
    Path file = modelOut;
    if (file == null) {
      return folder.resolve(MODEL);
    }
    return modelFile(spec, folder, file, sources);
  }

  /**
   * A file that was named for a model; checked before hours of learning.
   *
   * @throws ParameterException if it is among the learner's own, or cannot be written
   */
  static Path modelFile(CommandSpec spec, Path folder, Path modelOut, List<Path> sources) {
    Path file = modelOut.toAbsolutePath().normalize();
    Path home = folder.toAbsolutePath().normalize();
    if (file.startsWith(home) && !file.equals(home.resolve(MODEL))) {
      throw new ParameterException(
          spec.commandLine(),
          "--model-out " + file + " is among the learner's own files: name a place outside");
    }
    OutputFolder.requireApart(file, sources);
    Path parent = file.getParent();
    if (Files.isDirectory(file) || parent == null || !Files.isWritable(parent)) {
      throw new ParameterException(
          spec.commandLine(),
          "--model-out " + file + " cannot be written: name a file in a folder that exists");
    }
    return file;
  }
}
