package dev.accrete.bench.work;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A temporary folder with what a measuring process is told and what it answers. */
record WorkerFiles(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Makes the folder and writes the task into it. */
  static WorkerFiles create(Task task) throws IOException {
    WorkerFiles files = new WorkerFiles(Files.createTempDirectory("accrete-bench"));
    boolean written = false;
    try {
      JSON.writeValue(files.task().toFile(), task);
      written = true;
    } finally {
      if (!written) {
        files.delete();
      }
    }
    return files;
  }

  private Path task() {
    return folder.resolve("task.json");
  }

  private Path answer() {
    return folder.resolve("measurement.json");
  }

  /** Where the standard error of the process goes. */
  Path log() {
    return folder.resolve("log.txt");
  }

  /** The arguments of a process that is launched now; see {@link Worker#run}. */
  List<String> arguments() {
    return List.of(
        task().toString(), answer().toString(), Long.toString(System.currentTimeMillis()));
  }

  Measurement read() throws IOException {
    return JSON.readValue(answer().toFile(), Measurement.class);
  }

  /** Deletes the folder; no process may still write to it. */
  void delete() throws IOException {
    for (Path file : List.of(task(), answer(), log(), folder)) {
      Files.deleteIfExists(file);
    }
  }
}
