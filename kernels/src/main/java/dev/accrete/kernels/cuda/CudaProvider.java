package dev.accrete.kernels.cuda;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;
import java.util.Optional;

/**
 * Provides {@code cuda}. The environment variable {@code ACCRETE_CUDA} chooses: a device's number,
 * {@code off}, or {@code emulated} for the emulated driver of {@code native/emulator}, which {@code
 * auto} never takes. {@code ACCRETE_CUDA_CORE} chooses the kernels for products in TF32 and bf16,
 * see {@link CoreChoice}.
 */
public final class CudaProvider implements BackendProvider {
  static final String NAME = "cuda";
  static final String EMULATED_NAME = "cuda (emulated)";

  /** Before the vector backend. */
  private static final int PRIORITY = 200;

  /** Behind the reference backend, which is always available. */
  private static final int EMULATED_PRIORITY = -1;

  @Override
  public String name() {
    return emulated() ? EMULATED_NAME : NAME;
  }

  @Override
  public boolean answersTo(String name) {
    return name.equals(NAME) || name.equals(name());
  }

  @Override
  public int priority() {
    return emulated() ? EMULATED_PRIORITY : PRIORITY;
  }

  private static boolean emulated() {
    try {
      return CudaRequest.current().emulated();
    } catch (AccreteException e) {
      // probe() tells what is wrong with the request.
      return false;
    }
  }

  @Override
  public Availability probe() {
    try {
      return DriverProbe.probe(CudaRequest.current());
    } catch (AccreteException e) {
      return new Availability(false, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<String> notice() {
    Availability availability = probe();
    boolean expected =
        !emulated() && (DriverProbe.seesHardware() || System.getenv(CudaRequest.VARIABLE) != null);
    return expected && !availability.available()
        ? Optional.of("not on a GPU: " + availability.detail())
        : Optional.empty();
  }

  @Override
  public Backend create(BackendOptions options) {
    Availability availability = probe();
    if (!availability.available()) {
      throw new AccreteException("the cuda backend cannot run here: " + availability.detail());
    }
    CudaRequest request = CudaRequest.current();
    try {
      return CudaBackend.open(
          request, options.precision(), CoreChoice.current(), availability.detail());
    } catch (LinkageError e) {
      // JCuda looks for its library in its own module, which is in another jar.
      throw new AccreteException(
          "the cuda backend cannot load JCuda's native library; on the module path, start java with"
              + " --patch-module jcuda=jcuda-natives-...jar, else put that jar on the class path",
          e);
    }
  }
}
