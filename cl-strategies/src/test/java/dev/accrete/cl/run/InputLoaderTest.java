package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.PackOptions;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InputLoaderTest {
  @TempDir private Path folder;

  private InputLoader loader(Map<String, ?> changes) {
    return new InputLoader(
        TinyRun.config().with(changes),
        PackOptions.defaults(),
        name -> {
          throw new AssertionError("images of " + name + " were opened");
        });
  }

  @Test
  void weightsThatAreMissingAreNamedBeforeAnythingIsDecoded() {
    Path file = folder.resolve("none.safetensors");
    assertThatThrownBy(() -> loader(Map.of("data", "sim", "weights", file.toString())).load())
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("there is no file " + file)
        .hasMessageContaining("--weights");
  }

  @Test
  void aBackendThatIsMissingIsNamedBeforeAnythingIsDecoded() {
    assertThatThrownBy(() -> loader(Map.of("data", "sim", "backend", "abacus")).load())
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("abacus");
  }

  @Test
  void layersThatTheNetworkLacksAreNamedBeforeAnythingIsDecoded() {
    for (String setting : List.of("analytic.layers=conv9:mean", "replay.layer=conv9")) {
      String[] sides = setting.split("=", 2);
      Map<String, Object> changes =
          Map.of(
              "data",
              "sim",
              "model",
              "mobilenet-v1:0.25",
              "strategies",
              List.of("naive", "analytic", "ar1-free"),
              "hyper",
              Map.of(sides[0], sides[1]));
      assertThatThrownBy(() -> loader(changes).load())
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("conv9")
          .hasMessageContaining("conv5_4/dw");
    }
  }

  @Test
  void whatAProviderRefusesNamesIt() {
    assertThatThrownBy(
            () ->
                InputLoader.<ProgressListener>opening(
                    DataSpec.simulated(),
                    () -> {
                      throw new IllegalArgumentException("no such table");
                    }))
        .isInstanceOf(AccreteException.class)
        .hasMessage("the data provider sim refuses --data sim: no such table");
  }
}
