package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command says in JVMs that never compile kernels. */
final class SlowJvmTest {
  private static final String OBSTACLE = "kernels stay far below the processor's speed: with ";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
  void infoShowsTheObstacle(String option) throws IOException, InterruptedException {
    assertThat(said(option, "info")).containsOnlyOnce(OBSTACLE + option);
  }

  @Test
  void aCommandThatComputesSaysItInALineOfItsOwn() throws IOException, InterruptedException {
    String said =
        said(
            "-XX:TieredStopAtLevel=1",
            "learn",
            "--data=images:" + TinyFolder.create(folder.resolve("images")),
            "--model=mlp:4",
            "--image-size=8",
            "--strategy=slda",
            folder.resolve("learner").toString());
    assertThat(said.lines().filter(line -> line.contains(OBSTACLE)))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith("kernels stay"));
    assertThat(said).doesNotContain("dev.accrete.core.Backends create");
  }

  private static String said(String option, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(option, "--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
