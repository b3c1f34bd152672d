package dev.accrete.app;

import dev.accrete.cl.data.PackOptions;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;
import dev.accrete.core.Backends;
import dev.accrete.kernels.spec.OpSupport;
import dev.accrete.nn.Backbone;
import dev.accrete.nn.Backbones;
import dev.accrete.nn.ModelSpec;
import dev.accrete.nn.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code accrete info}. */
@Command(
    name = "info",
    description = "What this build has and this machine can run.",
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
  private static final long MIB = 1L << 20;
  private static final List<String> SHIPPED = List.of("mobilenet-v1:0.5", "mobilenet-v1:1.0");

  @Spec private CommandSpec spec;

  @Option(names = "--ops", description = "Also which backend executes which op.")
  private boolean ops;

  @Override
  public Integer call() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("version", "accrete " + Version.text()));
    rows.add(List.of("java", Runtime.version() + ", " + System.getProperty("java.home")));
    rows.add(
        List.of(
            "system",
            System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch")
                + ", "
                + Runtime.getRuntime().availableProcessors()
                + " processors"));
    rows.add(List.of("memory", "heap up to " + Runtime.getRuntime().maxMemory() / MIB + " MiB"));
    for (BackendProvider provider : Backends.providers()) {
      BackendProvider.Availability probe = provider.probe();
      rows.add(
          List.of(
              "backend " + provider.name(),
              (probe.available() ? "yes: " : "no: ")
                  + probe.detail()
                  + provider.notice().filter(n -> probe.available()).map("; "::concat).orElse("")));
    }
    SHIPPED.forEach(model -> rows.add(List.of("backbone " + model, backbone(model))));
    rows.add(List.of("image cache", PackOptions.defaults().folder().toString()));
    Console console = Console.of(spec);
    int width = rows.stream().mapToInt(row -> row.getFirst().length()).max().orElse(0) + 2;
    rows.forEach(
        row -> console.print(row.get(0) + " ".repeat(width - row.get(0).length()) + row.get(1)));
    if (ops) {
      console.print("\n" + support());
    }
    return 0;
  }

  private static String backbone(String model) {
    Network network = ModelSpec.parse(model, 64, 2);
    return Backbones.find(network)
        .map(Backbone::summary)
        .orElse("none: weights start at random; make one with accrete pretrain");
  }

  private static String support() {
    List<Backend> backends =
        Backends.providers().stream()
            .filter(provider -> provider.probe().available())
            .map(provider -> provider.create(BackendOptions.defaults()))
            .toList();
    try {
      return OpSupport.markdown(backends);
    } finally {
      backends.forEach(Backend::close);
    }
  }
}
