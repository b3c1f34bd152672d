package dev.accrete.kernels.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.kernels.EmulatedCuda;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The emulated driver's own switches, for tests that must not depend on them. */
final class Emulator {
  private Emulator() {}

  /** In which order threads and blocks get their turn. */
  enum Order {
    FORWARD(0),
    REVERSE(1),
    RANDOM(2);

    /** What the emulator calls it. */
    private final int number;

    Order(int number) {
      this.number = number;
    }
  }

  /** Skips the test where there is no emulated driver. */
  static Backend open() {
    EmulatedCuda.install();
    assumeTrue(EmulatedCuda.folder().isPresent(), () -> EmulatedCuda.missing().orElse("a GPU"));
    return Backends.create("cuda", new BackendOptions(1));
  }

  /** Sets the order of threads, and whether streams do nothing until something waits for them. */
  @SuppressWarnings("restricted")
  static void configure(Order order, boolean deferred) {
    Path library = EmulatedCuda.folder().orElseThrow().resolve("libcuda.so.1");
    try (Arena arena = Arena.ofConfined()) {
      Linker.nativeLinker()
          .downcallHandle(
              SymbolLookup.libraryLookup(library, arena)
                  .find("accrete_emulator_configure")
                  .orElseThrow(),
              FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
          .invokeWithArguments(order.number, deferred ? 1 : 0);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
