package dev.accrete.walls;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.Backend;
import dev.accrete.nn.ModelProvider;
import dev.accrete.nn.ModelSpec;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a program on the module path gets of this module: every model by name. */
class NnModulePathTest {
  private static final Class<?>[] LIBRARY = {
    Backend.class, ModelSpec.class, JsonFactory.class, ObjectMapper.class, JsonProperty.class
  };

  @Test
  void modelsAreFoundOnBothPaths() throws IOException, InterruptedException {
    String own = path(NnModulePathTest.class);
    String models = "caffenet mlp mobilenet-v1 resnet small-cnn";
    assertThat(run(List.of("-p", path(LIBRARY), "--add-modules", "dev.accrete.nn", "-cp", own)))
        .contains(models)
        .contains("mlp-7-8 in module dev.accrete.nn");
    assertThat(run(List.of("-cp", path(LIBRARY) + File.pathSeparator + own)))
        .contains(models)
        .contains("mlp-7-8 in unnamed module");
  }

  private static String path(Class<?>... types) {
    return Stream.of(types)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().toString())
        .map(location -> Path.of(URI.create(location)).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String run(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add(Outside.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** A program of somebody else. */
  static final class Outside {
    private Outside() {}

    public static void main(String[] args) {
      System.out.println(
          ModelSpec.providers().stream().map(ModelProvider::name).collect(Collectors.joining(" ")));
      System.out.println(ModelSpec.parse("mlp:7", 8, 2) + " in " + ModelSpec.class.getModule());
    }
  }
}
