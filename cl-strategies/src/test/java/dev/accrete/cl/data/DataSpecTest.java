package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSpecTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"sim", "core50:/a/b", "images:/x", "images-strict:/x", "cifar10:/", "idx:/c:d"})
  void textFormsSurviveARoundTrip(String text) {
    assertThat(DataSpec.parse(text)).hasToString(text);
  }

  @Test
  void foldersAreMadeAbsolute() {
    DataSpec spec = DataSpec.parse("images:some/../place");

    assertThat(spec.argument()).hasValue(Path.of("place").toAbsolutePath().toString());
    assertThat(DataSpec.parse(spec.toString())).isEqualTo(spec);
    assertThat(spec.folder()).hasValue(Path.of("place").toAbsolutePath());
    assertThat(DataSpec.parse("core50:place").folder()).isEqualTo(spec.folder());
    assertThat(DataSpec.simulated().folder()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo:bar", "sim:", "images:\0", "images: "})
  void usageErrorsAreOneLine(String text) {
    assertThatThrownBy(() -> DataSpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("\n")
        .hasMessageContaining(text.substring(0, text.indexOf(':')));
  }

  @Test
  void theErrorListsWhatThereIs() {
    assertThatThrownBy(() -> DataSpec.parse("foo:bar"))
        .hasMessageContaining("cifar10:DIR, core50:DIR")
        .hasMessageContaining("images:DIR")
        .hasMessageEndingWith(" or sim");
  }

  @ParameterizedTest
  @ValueSource(strings = {"images", "images-strict", "cifar10", "idx", "core50"})
  void aFolderThatIsNotThereIsOneLine(String provider, @TempDir Path root) {
    Path missing = root.resolve("missing");

    assertThatThrownBy(() -> DataSpec.parse(provider + ":" + missing).open())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(missing.toString())
        .hasMessageNotContaining("\n");
  }

  @Test
  void providersDescribeThemselves() {
    assertThat(DataProviders.all())
        .extracting(DataProvider::name)
        .containsExactly("cifar10", "core50", "idx", "images", "images-strict", "sim");
    for (DataProvider provider : DataProviders.all()) {
      assertThat(provider.usage()).startsWith(provider.name());
      assertThat(provider.description()).isNotBlank().doesNotEndWith(".");
    }
  }

  /** A provider as a plug-in has it: in another class loader, which the thread's context names. */
  @Test
  void outsideProvidersAreFound(@TempDir Path root) throws IOException {
    Path services = root.resolve("META-INF/services/" + DataProvider.class.getName());
    Files.createDirectories(services.getParent());
    Files.writeString(services, Outside.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader plugin = new URLClassLoader(new URL[] {root.toUri().toURL()}, before)) {
      thread.setContextClassLoader(plugin);

      DataSpec spec = DataSpec.parse("outside:7");
      assertThat(DataSets.labelled(spec, 4).train().size()).isEqualTo(7);
      assertThat(spec.hasFrames()).isFalse();
      assertThatThrownBy(() -> spec.open().frames())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sim or core50:DIR");
    } finally {
      thread.setContextClassLoader(before);
    }
    assertThatThrownBy(() -> DataSpec.parse("outside:7")).hasMessageContaining("unknown data");
  }

  /** So many images. */
  public static final class Outside implements DataProvider {
    @Override
    public String name() {
      return "outside";
    }

    @Override
    public String usage() {
      return "outside:N";
    }

    @Override
    public String description() {
      return "N images";
    }

    @Override
    public Optional<String> check(Optional<String> argument) {
      return argument;
    }

    @Override
    public DataSource open(Optional<String> argument) {
      int count = Integer.parseInt(argument.orElseThrow());
      return size -> new LabelledData(Images.memory(count, size), Images.memory(2, size));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sim:x", "mnist", "images", "images:", ":x", "Sim"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> DataSpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void onlyCore50HasFrames() {
    assertThat(DataSets.frames(DataSpec.simulated()).name()).isEqualTo("sim");
    assertThat(DataSpec.parse("core50:x").hasFrames()).isTrue();
    assertThatThrownBy(() -> DataSets.frames(DataSpec.parse("cifar10:x")))
        .hasMessageContaining("nicv2-N");
  }

  @Test
  void labelledSimulationKeepsSessionsApart() {
    LabelledData data = DataSets.labelled(DataSpec.simulated(), 16);

    assertThat(data.train().size()).isEqualTo(8 * 50 * 30);
    assertThat(data.test().size()).isEqualTo(3 * 50 * 30);
    assertThat(data.train().describe(0)).contains("session 1,");
    assertThat(data.test().describe(0)).contains("session 3,");
    assertThat(data.test().label(data.test().size() - 1)).isEqualTo(49);
  }

  @Test
  void labelledFolders(@TempDir Path root) {
    Images.write(root.resolve("train/a/1.png"), 8, 8, 0);
    Images.write(root.resolve("test/a/1.png"), 8, 8, 0);

    try (LabelledData data = DataSets.labelled(DataSpec.parse("images:" + root), 8)) {
      assertThat(data.train().size() + data.test().size()).isEqualTo(2);
    }
  }

  @Test
  void splitsMustAgree() {
    ImageSet small = Images.memory(2, 4);

    assertThatThrownBy(() -> new LabelledData(small, Images.memory(2, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size");
  }
}
