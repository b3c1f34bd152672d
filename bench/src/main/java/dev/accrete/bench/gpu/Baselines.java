package dev.accrete.bench.gpu;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.bench.work.JsonFile;
import dev.accrete.core.AccreteException;
import dev.accrete.kernels.cuda.DeviceFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What former builds reached, by the name of the device: figures of one device say nothing of
 * another.
 */
final class Baselines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Map<String, GpuReport> devices;

  private record Content(int schema, Map<String, GpuReport> devices) {}

  private Baselines(Path file, Map<String, GpuReport> devices) {
    this.file = file;
    this.devices = new TreeMap<>(devices);
  }

  /**
   * Reads a file of baselines.
   *
   * @throws AccreteException if there is none, or it is not one that this build reads
   */
  static Baselines read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new AccreteException(
          "there are no baselines at " + file + "; make them with --update-baseline");
    }
    Content content;
    try {
      content = JSON.readValue(file.toFile(), Content.class);
    } catch (JacksonException e) {
      throw new AccreteException(file + " is no file of baselines: " + e.getOriginalMessage(), e);
    }
    if (content.schema() != GpuReport.SCHEMA) {
      throw new AccreteException(
          file
              + " has schema "
              + content.schema()
              + ", this build reads "
              + GpuReport.SCHEMA
              + "; make it anew with --update-baseline");
    }
    return new Baselines(file, content.devices());
  }

  /** Those of a file, or none if there is no such file yet. */
  static Baselines readOrNone(Path file) throws IOException {
    return Files.exists(file) ? read(file) : new Baselines(file, Map.of());
  }

  /**
   * The baseline of a device.
   *
   * @throws AccreteException if there is none, or it is of another size
   */
  GpuReport of(DeviceFacts device, GpuCases.Size size) {
    GpuReport found = devices.get(device.name());
    if (found == null) {
      throw new AccreteException(
          file
              + " has baselines of "
              + devices.keySet()
              + ", none of "
              + device.name()
              + ": figures of another device say nothing. Add it with --update-baseline");
    }
    if (found.size() != size) {
      throw new AccreteException(
          file
              + " has a baseline of size "
              + found.size()
              + " of "
              + device.name()
              + ", this run is of size "
              + size
              + "; take the same with or without --quick");
    }
    return found;
  }

  /** Makes a report the baseline of its device, and writes the file. */
  void update(GpuReport report) throws IOException {
    devices.put(report.device().name(), report);
    JsonFile.write(file, new Content(GpuReport.SCHEMA, devices));
  }
}
