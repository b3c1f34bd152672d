package dev.accrete.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The convolutions at every vector width, which is fixed per process: each width gets its own. */
class VectorWidthTest {
  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void convolutionsMatchPlainLoops(int bits) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Daccrete.vector.bits=" + bits,
                "-cp",
                System.getProperty("java.class.path"),
                VectorWidthTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("checked with " + bits / 32 + " floats per vector");
  }

  /** Checks all geometries in this process. */
  public static void main(String[] args) {
    for (ConvGeometry geometry : ConvolutionTest.geometries()) {
      ConvolutionTest.check(geometry, Runners.shuffled(7), ConvolutionTest.map(geometry, true));
    }
    System.out.println("checked with " + Lanes.WIDTH + " floats per vector");
  }
}
