package dev.accrete.app;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.Model;
import dev.accrete.nn.OnnxExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code accrete export}. */
@Command(
    name = "export",
    description =
        "Writes a model for other programs: as ONNX, from image bytes to probabilities, or as"
            + " safetensors, with class names and preprocessing in the metadata.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class ExportCommand implements Callable<Integer> {
  private static final double MIB = 1 << 20;

  /** What a model can be written as. */
  enum Format {
    ONNX,
    SAFETENSORS;

    String ending() {
      return "." + name().toLowerCase(Locale.ROOT);
    }

    static Optional<Format> of(Path file) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      return Stream.of(values()).filter(format -> name.endsWith(format.ending())).findFirst();
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PLACE",
      description =
          "A model's file, as learn and run write it, a learner's folder, or a store's, which gives"
              + " the model in production.")
  private Path place;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "What to write.")
  private Path out;

  @Option(names = "--format", description = "onnx or safetensors. Default: as FILE ends.")
  private @Nullable Format format;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    engine.prepare();
    Format chosen = format();
    requireApart();
    Model model = ModelPlaces.load(place, engine::open);
    switch (chosen) {
      case ONNX -> OnnxExport.write(model, out);
      case SAFETENSORS -> model.save(out);
    }
    Console.of(spec)
        .print(String.format(Locale.ROOT, "%s: %s, %.1f MiB", out, model, size(out) / MIB));
    return 0;
  }

  private Format format() {
    Optional<Format> ending = Format.of(out);
    if (format == null) {
      return ending.orElseThrow(
          () -> usage("--out " + out + " ends in neither .onnx nor .safetensors: add --format"));
    }
    if (ending.isPresent() && !ending.get().equals(format)) {
      throw usage(
          "--out "
              + out
              + " does not end as "
              + format.name().toLowerCase(Locale.ROOT)
              + " files do: call it "
              + format.ending()
              + ", or leave out --format");
    }
    return format;
  }

  /** Checked before anything is loaded: what is exported must survive its export. */
  private void requireApart() {
    Path file = out.toAbsolutePath().normalize();
    Path parent = file.getParent();
    if (Files.isDirectory(file) || parent == null || !Files.isWritable(parent)) {
      throw usage("--out " + out + " cannot be written: name a file in a folder that exists");
    }
    try {
      if (Files.exists(place) && Files.exists(file) && Files.isSameFile(place, file)) {
        throw usage("--out " + out + " is the model itself: name another file");
      }
      if (Files.isDirectory(place) && parent.toRealPath().startsWith(place.toRealPath())) {
        throw usage("--out " + out + " is among the learner's own files: name a place outside");
      }
    } catch (IOException e) {
      throw new AccreteException(
          "cannot compare " + place + " and " + out + " (" + e + "): check their rights", e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new AccreteException(file + " was written, but cannot be read (" + e + ")", e);
    }
  }

  private ParameterException usage(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
