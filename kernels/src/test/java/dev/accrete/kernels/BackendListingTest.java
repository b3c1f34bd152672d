package dev.accrete.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;
import dev.accrete.core.Backends;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.OpSupport;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendListingTest {
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
        .contains("reference", "vector");
    assertThat(available).contains("reference");
    assertThat(available.contains("vector")).isEqualTo(vectorModule);
    assertThat(Backends.providers())
        .last()
        .extracting(BackendProvider::name)
        .isEqualTo("reference");
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
  void cpuBackendsSupportEveryCase() {
    for (String name : List.of("reference", "vector")) {
      if (Backends.providers().stream()
          .noneMatch(p -> p.name().equals(name) && p.probe().available())) {
        continue;
      }
      try (Backend backend = Backends.create(name, new BackendOptions(1))) {
        assertThat(OpSpecs.all())
            .extracting((OpSpec spec) -> OpSupport.of(spec, backend))
            .allSatisfy(s -> assertThat(s.supported()).as("%s", s).isEqualTo(s.cases()));
      }
    }
  }
}
