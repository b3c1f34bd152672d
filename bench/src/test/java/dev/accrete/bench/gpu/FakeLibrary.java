package dev.accrete.bench.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.accrete.bench.gpu.vendor.Vendor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A library of a vendor's that works on the emulated device and writes down its calls. */
final class FakeLibrary {
  private static final Path SOURCES = Path.of("src", "test", "cpp");

  /** An error that spoils results. */
  static final int NOT_A_NUMBER = 2;

  private final SymbolLookup symbols;

  private FakeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /** Compiles it, and lets these vendors be it; the emulated device must be there. */
  @SuppressWarnings("restricted")
  static FakeLibrary install(String source, String file, Vendor... vendors)
      throws IOException, InterruptedException {
    Path emulator = Path.of(System.getProperty("accrete.cuda.emulator"));
    Path library =
        Files.createDirectories(Path.of("target", "fakes")).toAbsolutePath().resolve(file);
    List<String> command = new ArrayList<>(List.of("g++", "-std=c++17", "-O1", "-Wall", "-Werror"));
    command.addAll(List.of("-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-soname," + file));
    command.add("-I" + Path.of("..", "native", "emulator"));
    Path versions = SOURCES.resolve(source + ".map");
    if (Files.exists(versions)) {
      command.add("-Wl,--version-script=" + versions);
    }
    command.add(SOURCES.resolve(source + ".cpp").toString());
    command.addAll(List.of(emulator.resolve("libcuda.so.1").toString(), "-o", library.toString()));
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("g++ does not compile " + source);
    }
    for (Vendor vendor : vendors) {
      System.setProperty("accrete." + vendor.label(), library.toString());
    }
    return new FakeLibrary(SymbolLookup.libraryLookup(library, Arena.global()));
  }

  static void uninstall() {
    for (Vendor vendor : Vendor.values()) {
      System.clearProperty("accrete." + vendor.label());
    }
  }

  /** What was called since it was reset, with its arguments. */
  @SuppressWarnings("restricted")
  List<String> calls() {
    MemoryLayout text =
        ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(1 << 20, ValueLayout.JAVA_BYTE));
    return ((MemorySegment) call("fake_calls", text)).getString(0).lines().toList();
  }

  /** What was made and not destroyed. */
  int alive() {
    return (int) call("fake_alive", JAVA_INT);
  }

  /** Forgets calls; lets a function fail with a status, and results be off by {@code error}. */
  void reset(String function, int status, int error) {
    try (Arena arena = Arena.ofConfined()) {
      call("fake_reset", JAVA_INT, arena.allocateFrom(function), status, error);
    }
  }

  @SuppressWarnings("restricted")
  private Object call(String function, MemoryLayout result, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = arguments[i] instanceof MemorySegment ? ADDRESS : JAVA_INT;
    }
    try {
      return Linker.nativeLinker()
          .downcallHandle(
              symbols.find(function).orElseThrow(), FunctionDescriptor.of(result, layouts))
          .invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(function, e);
    }
  }
}
