package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is found on the class path is found on the module path too. */
class ProvidersTest {
  private static final String SERVICES = "META-INF/services/";

  private static List<ModuleReference> modules() {
    Path[] entries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(entry -> entry.toString().contains("accrete") || Files.isDirectory(entry))
            .filter(Files::exists)
            .toArray(Path[]::new);
    return ModuleFinder.of(entries).findAll().stream()
        .filter(module -> module.descriptor().name().startsWith("dev.accrete."))
        .toList();
  }

  private static Map<String, List<String>> services(ModuleReference module) throws IOException {
    Map<String, List<String>> services = new TreeMap<>();
    try (ModuleReader reader = module.open()) {
      List<String> files =
          reader.list().filter(name -> name.startsWith(SERVICES) && !name.endsWith("/")).toList();
      for (String file : files) {
        try (InputStream in = reader.open(file).orElseThrow()) {
          services.put(
              file.substring(SERVICES.length()),
              new String(in.readAllBytes(), StandardCharsets.UTF_8)
                  .lines()
                  .map(line -> line.replaceAll("#.*", "").strip())
                  .filter(line -> !line.isEmpty())
                  .sorted()
                  .toList());
        }
      }
    }
    return services;
  }

  @Test
  void everyModuleProvidesWhatItsServicesFilesName() throws IOException {
    List<ModuleReference> modules = modules();
    assertThat(modules)
        .extracting(module -> module.descriptor().name())
        .contains("dev.accrete.core", "dev.accrete.kernels", "dev.accrete.nn", "dev.accrete.cl");
    for (ModuleReference module : modules) {
      Map<String, List<String>> provided =
          module.descriptor().provides().stream()
              .collect(
                  Collectors.toMap(
                      ModuleDescriptor.Provides::service,
                      service -> service.providers().stream().sorted().toList()));
      assertThat(new TreeMap<>(provided))
          .as(module.descriptor().name())
          .isEqualTo(services(module));
    }
  }
}
