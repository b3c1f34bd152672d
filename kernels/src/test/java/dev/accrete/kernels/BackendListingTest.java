package dev.accrete.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;
import dev.accrete.core.Backends;
import dev.accrete.kernels.spec.OpSupport;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BackendListingTest {
  @BeforeAll
  static void emulate() {
    EmulatedCuda.install();
  }

  /** A provider that quietly fell out of the list would make every parity test pass. */
  @Test
  void backendsOfThisModuleAreFoundAndAvailable() {
    boolean vectorModule = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    List<String> available =
        Backends.providers().stream()
            .filter(provider -> provider.probe().available())
            .map(BackendProvider::name)
            .toList();
    assertThat(Backends.providers())
        .extracting(BackendProvider::name)
        .anyMatch(name -> name.startsWith("cuda"))
        .contains("reference", "vector");
    assertThat(available).contains("reference");
    assertThat(available.contains("vector")).isEqualTo(vectorModule);
  }

  /** The emulated GPU is for tests; whoever leaves the choice to us must not get it. */
  @Test
  void autoNeverTakesTheEmulator() {
    assumeTrue(
        EmulatedCuda.folder().isPresent(), () -> EmulatedCuda.missing().orElse("a real GPU"));
    assertThat(Backends.providers())
        .last()
        .extracting(BackendProvider::name)
        .isEqualTo("cuda (emulated)");
    try (Backend auto = Backends.create(Backends.AUTO, new BackendOptions(1));
        Backend named = Backends.create("cuda", new BackendOptions(1));
        Backend again = Backends.create(named.name(), new BackendOptions(1))) {
      assertThat(auto.name()).isNotEqualTo(named.name());
      assertThat(again.name()).isEqualTo("cuda (emulated)");
      assertThat(named.description()).contains("Accrete emulated GPU");
    }
  }

  @Test
  void everyBackendSaysWhatItIs() {
    for (BackendProvider provider : Backends.providers()) {
      assertThat(provider.probe().detail()).isNotBlank();
      if (provider.probe().available()) {
        try (Backend backend = provider.create(new BackendOptions(1))) {
          assertThat(backend.name()).isEqualTo(provider.name());
          assertThat(backend.description()).contains(provider.name());
        }
      }
    }
  }

  @Test
  void backendsSupportEveryCase() {
    for (BackendProvider provider : Backends.providers()) {
      if (!provider.probe().available()) {
        continue;
      }
      try (Backend backend = provider.create(new BackendOptions(1))) {
        assertThat(OpSupport.all(backend))
            .allSatisfy(s -> assertThat(s.supported()).as("%s", s).isEqualTo(s.cases()));
      }
    }
  }
}
