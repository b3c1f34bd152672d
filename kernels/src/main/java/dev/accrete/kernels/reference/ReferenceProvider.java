package dev.accrete.kernels.reference;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;

/** Provides {@code reference}, which runs everywhere and is the last choice of {@code auto}. */
public final class ReferenceProvider implements BackendProvider {
  @Override
  public String name() {
    return ReferenceBackend.NAME;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Availability probe() {
    return new Availability(true, ReferenceBackend.DESCRIPTION);
  }

  @Override
  public Backend create(BackendOptions options) {
    options.requireFp32(name());
    return new ReferenceBackend();
  }
}
