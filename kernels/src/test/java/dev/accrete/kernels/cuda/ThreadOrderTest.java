package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.SpecProgram;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The threads and blocks of a kernel may run in any order, and streams as late as they like:
 * neither may change a bit. A missing barrier or wait shows here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreadOrderTest {
  private Backend backend;

  @BeforeAll
  void open() {
    backend = Emulator.open();
  }

  @AfterAll
  void close() {
    if (backend != null) {
      Emulator.configure(Emulator.Order.FORWARD, false);
      backend.close();
    }
  }

  static List<OpSpec> specs() {
    return OpSpecs.all();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void orderDoesNotMatter(OpSpec spec) {
    for (OpSpec.Case one : spec.cases()) {
      List<HostTensor> expected = run(one, Emulator.Order.FORWARD, false);
      same(one, expected, run(one, Emulator.Order.REVERSE, false));
      same(one, expected, run(one, Emulator.Order.RANDOM, true));
    }
  }

  private static void same(OpSpec.Case one, List<HostTensor> expected, List<HostTensor> actual) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).sameBits(expected.get(i))).as("%s, result %d", one, i).isTrue();
    }
  }

  private List<HostTensor> run(OpSpec.Case one, Emulator.Order order, boolean deferred) {
    Emulator.configure(order, deferred);
    List<HostTensor> operands = one.generate(3);
    try (SpecProgram program = SpecProgram.compile(one, SpecProgram.Form.TEMPORARIES, backend)) {
      program.load(operands);
      program.run();
      return program.results();
    }
  }
}
