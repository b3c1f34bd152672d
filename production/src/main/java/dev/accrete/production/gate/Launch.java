package dev.accrete.production.gate;

import dev.accrete.core.Backends;
import java.nio.file.Path;
import java.util.List;

/**
 * How a model is tried in a process of its own.
 *
 * @param backend its name
 * @param threads as many as a server has
 * @param plugins jars or folders that models from outside come from
 * @param scratch a folder for a few files that are removed again
 */
public record Launch(String backend, int threads, List<Path> plugins, Path scratch) {
  /** Copies the list. */
  public Launch {
    plugins = List.copyOf(plugins);
  }

  /** On the best backend, with a thread for each processor. */
  public static Launch in(Path scratch) {
    return new Launch(
        Backends.AUTO, Runtime.getRuntime().availableProcessors(), List.of(), scratch);
  }

  /** The same on another backend. */
  public Launch on(String other) {
    return new Launch(other, threads, plugins, scratch);
  }

  /** The same with another number of threads. */
  public Launch withThreads(int count) {
    return new Launch(backend, count, plugins, scratch);
  }

  /** The same with plug-ins. */
  public Launch withPlugins(List<Path> paths) {
    return new Launch(backend, threads, paths, scratch);
  }
}
