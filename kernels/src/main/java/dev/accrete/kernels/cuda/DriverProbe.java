package dev.accrete.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.accrete.core.AccreteException;
import dev.accrete.core.BackendProvider.Availability;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks the CUDA driver what there is, by the foreign-function interface alone: JCuda's classes may
 * be touched only where its native library will load.
 */
final class DriverProbe {
  private static final String LIBRARY = "libcuda.so.1";

  /** What the shipped kernels were built for: CUDA 13.0, which drivers from R580 on run. */
  private static final int OLDEST_DRIVER = 13_000;

  private static final int OLDEST_CAPABILITY = 80;
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int NAME_BYTES = 256;

  private DriverProbe() {}

  /** Whether the device that is wanted can run kernels, and what it is or what is wrong. */
  static Availability probe(CudaRequest request) {
    return switch (request.mode()) {
      case OFF -> no("switched off by " + CudaRequest.VARIABLE + "=off");
      case EMULATED -> emulated(request);
      case REAL -> real(request);
    };
  }

  /** The driver's name, or its path if it is an emulated one in this folder. */
  static String library(Optional<Path> emulator) {
    return emulator.map(folder -> folder.resolve(LIBRARY).toString()).orElse(LIBRARY);
  }

  /** A GPU is in this machine, whether or not its driver works. */
  static boolean seesHardware() {
    return Files.exists(Path.of("/dev/nvidiactl")) || Files.exists(Path.of("/proc/driver/nvidia"));
  }

  private static Availability no(String why) {
    return new Availability(false, why);
  }

  private static Availability emulated(CudaRequest request) {
    Optional<Path> library = request.emulator().map(folder -> folder.resolve(LIBRARY));
    if (library.filter(Files::isRegularFile).isEmpty()) {
      return no(
          "the emulated driver is not built: start with ./accrete, which builds it with g++, or run"
              + " native/emulator/build and name the folder it prints with -D"
              + CudaRequest.EMULATOR_PROPERTY);
    }
    return ask(library.get().toString(), request.ordinal());
  }

  private static Availability real(CudaRequest request) {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      return no("CUDA is supported on Linux amd64, this is " + system);
    }
    return ask(LIBRARY, request.ordinal());
  }

  @SuppressWarnings("restricted") // That is the purpose of this class.
  private static Availability ask(String library, int ordinal) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup driver;
      try {
        // For good: a driver that was started should not be unloaded.
        driver = SymbolLookup.libraryLookup(library, Arena.global());
      } catch (IllegalArgumentException e) {
        return no("no NVIDIA driver: " + library + " is not installed");
      }
      return new Questions(driver, arena).answer(ordinal);
    }
  }

  /** A few calls of the driver; every one returns 0 or an error's number. */
  private record Questions(SymbolLookup driver, Arena arena) {
    Availability answer(int ordinal) {
      int status = call("cuInit", 0);
      if (status != 0) {
        return no("the NVIDIA driver does not start (cuInit: error " + status + ")");
      }
      int version = number("cuDriverGetVersion");
      if (version < OLDEST_DRIVER) {
        return no(
            "the NVIDIA driver supports CUDA "
                + version(version)
                + ", needed is "
                + version(OLDEST_DRIVER)
                + " (driver R580) or newer");
      }
      int count = number("cuDeviceGetCount");
      if (ordinal >= count) {
        return no(
            "there is no device "
                + ordinal
                + ", the driver sees "
                + count
                + "; choose one with "
                + CudaRequest.VARIABLE);
      }
      int capability =
          10 * attribute(CAPABILITY_MAJOR, ordinal) + attribute(CAPABILITY_MINOR, ordinal);
      String name = deviceName(ordinal);
      if (capability < OLDEST_CAPABILITY) {
        return no(
            String.format(
                Locale.ROOT,
                "device %d, %s, has compute capability %d.%d; needed is 8.0 (Ampere) or newer",
                ordinal,
                name,
                capability / 10,
                capability % 10));
      }
      return new Availability(
          true, name + " (device " + ordinal + ", CUDA " + version(version) + ")");
    }

    private static String version(int version) {
      return version / 1000 + "." + version % 1000 / 10;
    }

    private int number(String function) {
      MemorySegment result = arena.allocate(JAVA_INT);
      int status = call(function, result);
      return status == 0 ? result.get(JAVA_INT, 0) : 0;
    }

    private int attribute(int attribute, int ordinal) {
      MemorySegment result = arena.allocate(JAVA_INT);
      int status = call("cuDeviceGetAttribute", result, attribute, ordinal);
      return status == 0 ? result.get(JAVA_INT, 0) : 0;
    }

    private String deviceName(int ordinal) {
      MemorySegment name = arena.allocate(NAME_BYTES);
      int status = call("cuDeviceGetName", name, NAME_BYTES, ordinal);
      return status == 0 ? name.getString(0) : "device " + ordinal;
    }

    @SuppressWarnings("restricted")
    private int call(String function, Object... arguments) {
      MemoryLayout[] layouts = new MemoryLayout[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        layouts[i] = arguments[i] instanceof MemorySegment ? ADDRESS : JAVA_INT;
      }
      MemorySegment symbol =
          driver
              .find(function)
              .orElseThrow(() -> new AccreteException("the NVIDIA driver lacks " + function));
      try {
        return (int)
            Linker.nativeLinker()
                .downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, layouts))
                .invokeWithArguments(arguments);
      } catch (Throwable e) {
        throw new AccreteException("calling " + function + " of the NVIDIA driver failed", e);
      }
    }
  }
}
