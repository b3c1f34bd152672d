package dev.accrete.cl.strategy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The emulated GPU and what crosses its bus; tests that need it are skipped without g++. */
final class EmulatedDevice {
  private static final String FOLDER = "accrete.cuda.emulator";

  private EmulatedDevice() {}

  /** Bytes copied so far: to the device and back from it. */
  record Bus(long up, long down) {
    Bus since(Bus earlier) {
      return new Bus(up - earlier.up, down - earlier.down);
    }
  }

  /** Opens the device, and builds it first if need be. */
  static synchronized Backend open() throws IOException, InterruptedException {
    assumeTrue(System.getenv("ACCRETE_CUDA") == null, "another device was asked for");
    if (System.getProperty(FOLDER) == null) {
      boolean compiler =
          Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
              .anyMatch(folder -> Files.isExecutable(Path.of(folder, "g++")));
      assumeTrue(compiler, "the emulated CUDA driver needs g++, and this machine has none");
      System.setProperty(FOLDER, build());
      System.setProperty("accrete.cuda", "emulated");
    }
    return Backends.create("cuda", new BackendOptions(1));
  }

  private static String build() throws IOException, InterruptedException {
    Path script = Path.of("..", "native", "emulator", "build").toAbsolutePath().normalize();
    Process build =
        new ProcessBuilder(script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String folder = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (build.waitFor() != 0) {
      throw new IllegalStateException(script + " failed");
    }
    return folder.strip();
  }

  /** What the emulated driver has counted. */
  @SuppressWarnings("restricted")
  static Bus bus() {
    Path library = Path.of(System.getProperty(FOLDER)).resolve("libcuda.so.1");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment counts = arena.allocate(ValueLayout.JAVA_LONG, 2);
      Linker.nativeLinker()
          .downcallHandle(
              SymbolLookup.libraryLookup(library, arena).find("accrete_emulator_bus").orElseThrow(),
              FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS))
          .invokeWithArguments(counts, counts.asSlice(Long.BYTES));
      return new Bus(
          counts.getAtIndex(ValueLayout.JAVA_LONG, 0), counts.getAtIndex(ValueLayout.JAVA_LONG, 1));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
