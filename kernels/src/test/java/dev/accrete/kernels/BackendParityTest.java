package dev.accrete.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.Backend;
import dev.accrete.kernels.reference.ReferenceBackend;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.SpecProgram.Form;
import dev.accrete.kernels.spec.SpecRunner;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of every op in every form, on every backend that runs here, against the reference. */
@OnEveryBackend
class BackendParityTest {
  private final Backend backend;
  private final SpecRunner runner;

  BackendParityTest(Backend backend) {
    this.backend = backend;
    this.runner = new SpecRunner(new ReferenceBackend(), backend);
  }

  static Stream<OpSpec.Case> cases() {
    return OpSpecs.cases();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agreesWithReference(OpSpec.Case spec) {
    assumeTrue(
        backend.supports(spec.op(), spec.inputTypes()),
        () -> backend.name() + " does not support " + spec);
    assertThat(runner.check(spec)).contains(Form.INPUTS, Form.VARIABLES);
  }
}
