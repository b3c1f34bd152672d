package dev.accrete.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.kernels.reference.ReferenceBackend;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.SpecRunner;
import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.lowering.ConvolutionTest;
import dev.accrete.kernels.vector.run.Runners;
import dev.accrete.kernels.vector.tensor.Lanes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jdk.incubator.vector.VectorShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cases of every op's spec, the convolutions of all geometries and fused training at every vector
 * width, which is fixed per process: each width gets its own.
 */
class VectorWidthTest {
  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void kernelsMatchTheReference(int bits) throws IOException, InterruptedException {
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

  /** Checks everything in this process. */
  public static void main(String[] args) {
    if (Lanes.SPECIES.vectorShape() != VectorShape.preferredShape()) {
      checkWhatOtherTestsCheckAtThePreferredWidth();
    }
    for (ConvGeometry geometry : ConvolutionTest.geometries()) {
      ConvolutionTest.check(geometry, Runners.shuffled(7), ConvolutionTest.map(geometry, true));
    }
    System.out.println("checked with " + Lanes.WIDTH + " floats per vector");
  }

  private static void checkWhatOtherTestsCheckAtThePreferredWidth() {
    try (Backend backend = new VectorBackend(new BackendOptions(2))) {
      SpecRunner runner = new SpecRunner(new ReferenceBackend(), backend);
      // Some cases of every op: all of them take a minute where processors are slow.
      for (OpSpec spec : OpSpecs.all()) {
        for (int i = 0; i < spec.cases().size(); i += 4) {
          runner.check(spec.cases().get(i));
        }
      }
    }
    for (TrainingGraph.Norm norm : TrainingGraph.Norm.values()) {
      new FusedTrainingTest().agreesWithReference(norm);
    }
    new FusedTrainingTest().threadsDoNotChangeABit(7);
  }
}
