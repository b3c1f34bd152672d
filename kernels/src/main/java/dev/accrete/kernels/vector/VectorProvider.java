package dev.accrete.kernels.vector;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;
import dev.accrete.kernels.vector.run.KernelCompiler;
import dev.accrete.kernels.vector.run.Processor;
import java.util.Optional;

/**
 * Provides {@code vector}. Names no class of the Vector API: loading one fails where the module is
 * missing.
 */
public final class VectorProvider implements BackendProvider {
  private static final String MODULE = "jdk.incubator.vector";
  private static final int PRIORITY = 100;

  @Override
  public String name() {
    return VectorBackend.NAME;
  }

  @Override
  public int priority() {
    return PRIORITY;
  }

  @Override
  public Availability probe() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return new Availability(
          false, "the module " + MODULE + " is missing; start java with --add-modules " + MODULE);
    }
    // Every kernel is made of them. Without, the Vector API computes each lane with BigDecimals.
    if (!Processor.hasFusedMultiplyAdd()) {
      return new Availability(
          false,
          "without fused multiply-add the Vector API is 300 times slower, far slower than"
              + " 'reference'; start java without -XX:-UseFMA, on a processor that has FMA");
    }
    return new Availability(
        true, "Vector API, " + Runtime.getRuntime().availableProcessors() + " processors");
  }

  @Override
  public Optional<String> notice() {
    Availability availability = probe();
    return availability.available()
        ? KernelCompiler.ofThisJvm().obstacle()
        : Optional.of(
            "not on the processor's vector units, about 20 times slower: " + availability.detail());
  }

  @Override
  public Backend create(BackendOptions options) {
    Availability availability = probe();
    if (!availability.available()) {
      throw new AccreteException("the vector backend cannot run here: " + availability.detail());
    }
    options.requireFp32(name());
    return new VectorBackend(options);
  }
}
