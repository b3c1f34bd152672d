package dev.accrete.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;
import dev.accrete.core.Backends;
import dev.accrete.kernels.reference.ReferenceBackend;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.SpecProgram;
import dev.accrete.kernels.spec.SpecRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of every op on every backend that runs here, in every form, against the reference. */
class BackendParityTest {
  /** Two threads cut work into parts; the values must not depend on it. */
  private static final BackendOptions OPTIONS = new BackendOptions(2);

  private static final List<Backend> OPEN = new ArrayList<>();
  private static final Backend REFERENCE = new ReferenceBackend();

  @BeforeAll
  static void openBackends() {
    for (BackendProvider provider : Backends.providers()) {
      if (provider.probe().available()) {
        OPEN.add(provider.create(OPTIONS));
      }
    }
  }

  @AfterAll
  static void closeBackends() {
    OPEN.forEach(Backend::close);
    OPEN.clear();
  }

  static Stream<Arguments> cases() {
    return Backends.providers().stream()
        .filter(provider -> provider.probe().available())
        .map(BackendProvider::name)
        .flatMap(name -> OpSpecs.cases().map(spec -> Arguments.of(name, spec)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void agreesWithReference(String name, OpSpec.Case spec) {
    Backend backend = OPEN.stream().filter(b -> b.name().equals(name)).findFirst().orElseThrow();
    assumeTrue(
        backend.supports(spec.op(), spec.inputTypes()), () -> name + " does not support " + spec);
    List<SpecProgram.Form> forms = new SpecRunner(REFERENCE, backend).check(spec);
    assertThat(forms)
        .contains(SpecProgram.Form.INPUTS, SpecProgram.Form.VARIABLES)
        .as("forms of %s", spec);
  }
}
