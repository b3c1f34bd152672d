package dev.accrete.bench.gpu;

import dev.accrete.core.Backend;
import dev.accrete.core.Precision;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.RoundedFactors;
import dev.accrete.kernels.spec.SpecProgram;
import dev.accrete.kernels.spec.SpecRunner;
import java.util.List;

/** Compares products that round their factors with the reference over factors rounded before. */
final class RoundedCheck {
  private static final long SEED = 3;

  private RoundedCheck() {}

  /**
   * Runs a case on both.
   *
   * @throws dev.accrete.kernels.spec.SpecFailure if they differ
   */
  static void compare(OpSpec.Case spec, Backend reference, Backend tested, Precision precision) {
    List<HostTensor> factors = spec.generate(SEED);
    SpecRunner.compare(
        spec + " in " + precision.label() + " on " + tested.name(),
        spec.resultTypes().getFirst().shape(),
        run(spec, RoundedFactors.of(factors, precision), reference),
        run(spec, factors, tested),
        spec.tolerances().getFirst().cutOff());
  }

  private static float[] run(OpSpec.Case spec, List<HostTensor> factors, Backend backend) {
    try (SpecProgram program = SpecProgram.compile(spec, SpecProgram.Form.TEMPORARIES, backend)) {
      program.load(factors);
      program.run();
      return program.results().getFirst().floats();
    }
  }
}
