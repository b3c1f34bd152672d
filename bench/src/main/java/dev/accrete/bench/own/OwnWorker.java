package dev.accrete.bench.own;

import dev.accrete.bench.work.Contender;
import dev.accrete.bench.work.Engine;
import dev.accrete.bench.work.InferenceWorkload;
import dev.accrete.bench.work.OpWorkload;
import dev.accrete.bench.work.PeakWorkload;
import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.bench.work.UpdateWorkload;
import dev.accrete.bench.work.Worker;
import dev.accrete.bench.work.Workload;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The process that measures our own engine. */
public final class OwnWorker {
  /** A class that every build has whose workers wait for their turns. */
  private static final String PROTOCOL = "dev/accrete/bench/work/Alternation.class";

  private OwnWorker() {}

  /**
   * Measures.
   *
   * @param arguments see {@link Worker#run}
   */
  public static void main(String[] arguments) throws IOException {
    Worker.run(arguments, OwnWorker::engine);
  }

  private static Engine engine(Workload workload) {
    return switch (workload) {
      case TrainingWorkload training -> TrainingEngine.create(training);
      case InferenceWorkload inference -> InferenceEngine.create(inference);
      case UpdateWorkload update -> UpdateEngine.create(update);
      case OpWorkload op -> OpEngine.create(op);
      case PeakWorkload peak -> new PeakEngine(peak.threads());
    };
  }

  /** Our own engine, with the class path and the options of this JVM. */
  public static Contender here() {
    return Contender.java(OwnWorker.class.getName(), System.getProperty("java.class.path"));
  }

  /**
   * Our own engine as another checkout has built it, with the options of this JVM.
   *
   * @param folder a checkout in which {@code ./accrete bench} was built, or a folder of its jars
   * @throws AccreteException if there is no such build, or one too old to be asked
   */
  public static Contender build(Path folder) throws IOException {
    for (Path jars : List.of(folder.resolve("bench").resolve("target").resolve("app"), folder)) {
      if (Files.isDirectory(jars)) {
        for (Path jar : benchJars(jars)) {
          requireThisWorker(jar);
          return Contender.java(OwnWorker.class.getName(), jars.resolve("*").toString());
        }
      }
    }
    throw new AccreteException(
        folder + " holds no built benchmarks; run './accrete bench step --help' in it once");
  }

  private static List<Path> benchJars(Path jars) throws IOException {
    try (Stream<Path> files = Files.list(jars)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("accrete-bench"))
          .toList();
    }
  }

  private static void requireThisWorker(Path jar) throws IOException {
    try (JarFile content = new JarFile(jar.toFile())) {
      if (content.getEntry(PROTOCOL) == null) {
        throw new AccreteException(
            jar
                + " is too old: its measuring process speaks another protocol; take a newer"
                + " baseline, or compare with the './accrete bench regression' of its time");
      }
    }
  }
}
