package dev.accrete.app;

import dev.accrete.cl.run.Plugins;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.production.gate.Launch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What computes, and with what from outside: the options of every command that runs a network. */
final class EngineOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = Backends.AUTO,
      description = "What computes; 'accrete info' lists what can run here. Default: auto.")
  private String backend;

  @Option(names = "--threads", paramLabel = "N", description = "Default: all processors.")
  private @Nullable Integer threads;

  @Option(
      names = "--plugins",
      paramLabel = "PATH",
      split = ",",
      description = "Jars or folders with strategies, data or models from outside.")
  private @Nullable List<Path> plugins;

  /** The backend's name as it was said. */
  String backend() {
    return backend;
  }

  /**
   * To be called before anything else: what is wrong with these options is said before files are
   * touched, and what comes from outside can be named from then on.
   */
  void prepare() {
    resources();
    Plugins.use(plugins());
  }

  private List<Path> plugins() {
    return Optional.ofNullable(plugins).orElse(List.of());
  }

  /**
   * Its threads.
   *
   * @throws ParameterException if there cannot be so many
   */
  BackendOptions resources() {
    try {
      return threads == null ? BackendOptions.defaults() : new BackendOptions(threads);
    } catch (AccreteException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  /** The backend, to be closed. What keeps it from being fast here is said. */
  Backend open() {
    sayWhatSlowsDown();
    return Backends.create(backend, resources());
  }

  /** Says why the backend cannot be fast here, or is not the best one, if that is so. */
  void sayWhatSlowsDown() {
    Backends.notices(backend).forEach(Console.of(spec)::note);
  }

  /** The same for a process of its own, with its few files among those of the system. */
  Launch launch() {
    return launch(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** The same with its files elsewhere. */
  Launch launch(Path scratch) {
    return Launch.in(scratch).on(backend).withThreads(resources().threads()).withPlugins(plugins());
  }
}
