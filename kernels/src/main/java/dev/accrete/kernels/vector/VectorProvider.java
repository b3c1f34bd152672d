package dev.accrete.kernels.vector;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;

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
    return ModuleLayer.boot().findModule(MODULE).isPresent()
        ? new Availability(
            true, "Vector API, " + Runtime.getRuntime().availableProcessors() + " processors")
        : new Availability(
            false, "the module " + MODULE + " is missing; start java with --add-modules " + MODULE);
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
