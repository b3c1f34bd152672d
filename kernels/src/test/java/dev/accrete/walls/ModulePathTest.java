package dev.accrete.walls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;
import dev.accrete.core.Backends;
import dev.accrete.kernels.spec.OpSpecs;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;

/** What a program on the module path gets: the backends, and nothing from behind their walls. */
class ModulePathTest {
  private static final String INSIDE = "dev.accrete.kernels.vector.run.Scratch";

  @Test
  void backendsAreFoundAndTheirInsidesAreNot() throws IOException, InterruptedException {
    String modules = path(Backends.class, OpSpecs.class, JCudaDriver.class);
    String said =
        run(
            List.of("-p", modules, "--add-modules", "dev.accrete.kernels,jdk.incubator.vector"),
            path(ModulePathTest.class));
    assertThat(said)
        .contains("vector in module dev.accrete.kernels", "reference in module dev.accrete.kernels")
        .contains("best is vector")
        .contains("dev.accrete.kernels does not export dev.accrete.kernels.vector.run");
  }

  @Test
  void backendsAreFoundOnTheClassPathToo() throws IOException, InterruptedException {
    String said =
        run(
            List.of("--add-modules", "jdk.incubator.vector"),
            path(Backends.class, OpSpecs.class, JCudaDriver.class, ModulePathTest.class));
    assertThat(said)
        .contains("vector in unnamed module", "reference in unnamed module")
        .contains("best is vector");
  }

  private static String path(Class<?>... types) {
    return Stream.of(types)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().toString())
        .map(location -> Path.of(URI.create(location)).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String run(List<String> options, String classPath)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.of(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                options,
                List.of("-cp", classPath, Outside.class.getName()))
            .flatMap(List::stream)
            .toList();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ACCRETE_CUDA", "off");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** A program of somebody else. */
  static final class Outside {
    private Outside() {}

    public static void main(String[] args) throws ReflectiveOperationException {
      for (BackendProvider provider : Backends.providers()) {
        System.out.println(provider.name() + " in " + provider.getClass().getModule());
      }
      try (Backend best = Backends.create(Backends.AUTO, new BackendOptions(1))) {
        System.out.println("best is " + best.name());
      }
      try {
        System.out.println(Class.forName(INSIDE).getConstructor().newInstance());
      } catch (IllegalAccessException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
