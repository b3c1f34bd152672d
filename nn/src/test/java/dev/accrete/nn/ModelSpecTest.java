package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Shape;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSpecTest {
  @ParameterizedTest
  @CsvSource({
    "mobilenet-v1, 64, mobilenet-v1-1.0-64, 1024",
    "mobilenet-v1:0.5, 128, mobilenet-v1-0.5-128, 512",
    "caffenet, 128, caffenet-128, 2048",
    "small-cnn, 16, small-cnn-16, 64",
    "mlp:32, 8, mlp-32-8, 32"
  })
  void buildsEveryModel(String text, int size, String name, int features) {
    Network network = ModelSpec.parse(text, size, 7);
    assertThat(network.name()).isEqualTo(name);
    assertThat(network.featureSize()).isEqualTo(features);
    assertThat(network.head().shape()).isEqualTo(Shape.of(7, features));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "densenet",
        "",
        ":",
        "mobilenet-v1:",
        "mobilenet-v1:wide",
        "mobilenet-v1:-1",
        "mobilenet-v1:NaN",
        "mlp:0",
        "mlp:1.5",
        "mlp:2147483647",
        "mlp:99999999999",
        "caffenet:2x",
        "caffenet:",
        "small-cnn:4"
      })
  void namesTheChoicesWhenAModelCannotBeBuilt(String text) {
    assertThatThrownBy(() -> ModelSpec.parse(text, 64, 5))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(text)
        .hasMessageContaining("caffenet, mlp[:UNITS], mobilenet-v1[:WIDTH]")
        .hasMessageContaining("small-cnn")
        .message()
        .doesNotContain("\n", "For input string", "overflow");
  }

  @ParameterizedTest
  @CsvSource({
    "mobilenet-v1, 100000, 5",
    "mlp, 2049, 5",
    "small-cnn, 3, 5",
    "small-cnn, -8, 5",
    "caffenet, 32, 5",
    "mlp:700, 2048, 5",
    "small-cnn, 64, 0",
    "mobilenet-v1, 64, 2147483647"
  })
  void sizesAreBounded(String text, int size, int classes) {
    assertThatThrownBy(() -> ModelSpec.parse(text, size, classes))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("at " + size + " pixels")
        .message()
        .doesNotContain("\n", "overflow");
  }

  /** A provider as a plug-in brings it. */
  public static final class Lines implements ModelProvider {
    @Override
    public String name() {
      return "lines";
    }

    @Override
    public String usage() {
      return "lines:COUNT";
    }

    @Override
    public Network create(Optional<String> argument, int imageSize, int classes) {
      int count = ModelProvider.integer(argument, "the count", 1);
      return Mlp.of(classes, Shape.of(3, imageSize, imageSize), count);
    }
  }

  /** Another one of a name that is taken. */
  public static final class Caffe implements ModelProvider {
    @Override
    public String name() {
      return "caffenet";
    }

    @Override
    public String usage() {
      return "caffenet";
    }

    @Override
    public Network create(Optional<String> argument, int imageSize, int classes) {
      throw new IllegalArgumentException("never asked");
    }
  }

  /** Runs with a context class loader that finds one more provider. */
  private static void withPlugin(Path folder, String provider, Runnable action) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(ModelProvider.class.getName()), provider);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, ModelSpecTest.class.getClassLoader())) {
      thread.setContextClassLoader(loader);
      action.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void plugInsAreFoundAndListed(@TempDir Path folder) throws IOException {
    withPlugin(
        folder,
        Lines.class.getName(),
        () -> {
          assertThat(ModelSpec.names()).contains("lines:COUNT", "small-cnn");
          assertThat(ModelSpec.parse("lines:9", 8, 2).featureSize()).isEqualTo(9);
          assertThatThrownBy(() -> ModelSpec.parse("line", 8, 2))
              .hasMessageContaining("lines:COUNT");
        });
    assertThat(ModelSpec.names()).doesNotContain("lines:COUNT");
  }

  @Test
  void providersThatCannotBeUsedAreNamed(@TempDir Path folder) throws IOException {
    withPlugin(
        folder,
        Caffe.class.getName(),
        () ->
            assertThatThrownBy(ModelSpec::names)
                .isInstanceOf(AccreteException.class)
                .hasMessageContainingAll("caffenet", Caffe.class.getName()));
    withPlugin(
        folder,
        "dev.nobody.Nothing",
        () ->
            assertThatThrownBy(ModelSpec::names)
                .isInstanceOf(AccreteException.class)
                .hasMessageContaining("dev.nobody.Nothing"));
  }

  /** Shapes of confs/sI/mid-caffeNet at 128 pixels: conv1 30x30, pools 15, 7 and 3. */
  @Test
  void caffeNetHasTheShapesOfTheBenchmark() {
    Network network = CaffeNet.of(50);
    assertThat(network.parameters().get("conv2.weight").shape()).isEqualTo(Shape.of(256, 48, 5, 5));
    assertThat(network.parameters().get("mid_fc6.weight").shape())
        .isEqualTo(Shape.of(2048, 256 * 3 * 3));
    assertThat(network.parameters().all().stream().map(Parameter::name))
        .contains("conv1.bias", "mid_fc7.bias")
        .doesNotContain("mid_fc8.bias");
  }
}
