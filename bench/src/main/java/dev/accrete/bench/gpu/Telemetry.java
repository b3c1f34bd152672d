package dev.accrete.bench.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.accrete.core.AccreteException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/** Clock, power and temperature of a device, from NVIDIA's management library. */
final class Telemetry implements AutoCloseable {
  private static final String LIBRARY = "libnvidia-ml.so.1";
  private static final int SM_CLOCK = 1;
  private static final int MEMORY_CLOCK = 2;
  private static final int CORE_TEMPERATURE = 0;
  private static final int VERSION_BYTES = 96;

  private final Arena arena;
  private final SymbolLookup library;
  private final MemorySegment device;

  private Telemetry(Arena arena, SymbolLookup library, MemorySegment device) {
    this.arena = arena;
    this.library = library;
    this.device = device;
  }

  /**
   * What the device says at one moment; 0 = it does not say.
   *
   * @param smMhz clock of the multiprocessors
   * @param memoryMhz clock of the memory
   * @param watts power
   * @param celsius temperature
   */
  record Reading(int smMhz, int memoryMhz, double watts, int celsius) {}

  /**
   * Opens the device that is plugged in at {@code busId}.
   *
   * @return empty if the library is not there, or does not know the device
   */
  @SuppressWarnings("restricted") // The library has no other interface.
  static Optional<Telemetry> open(String busId) {
    if (busId.isEmpty()) {
      return Optional.empty();
    }
    Arena arena = Arena.ofConfined();
    try {
      SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, arena);
      MemorySegment handle = arena.allocate(ADDRESS);
      Telemetry telemetry = new Telemetry(arena, library, handle);
      if (telemetry.call("nvmlInit_v2") == 0
          && telemetry.call("nvmlDeviceGetHandleByPciBusId_v2", arena.allocateFrom(busId), handle)
              == 0) {
        return Optional.of(new Telemetry(arena, library, handle.get(ADDRESS, 0)));
      }
    } catch (IllegalArgumentException e) {
      // No such library: nothing is told, and the report says so.
      arena.close();
      return Optional.empty();
    }
    arena.close();
    return Optional.empty();
  }

  /** What the device says now. */
  Reading read() {
    return new Reading(
        number("nvmlDeviceGetClockInfo", SM_CLOCK),
        number("nvmlDeviceGetClockInfo", MEMORY_CLOCK),
        number("nvmlDeviceGetPowerUsage") / 1e3,
        number("nvmlDeviceGetTemperature", CORE_TEMPERATURE));
  }

  /** The driver's version, or nothing. */
  String driver() {
    MemorySegment text = arena.allocate(VERSION_BYTES);
    return call("nvmlSystemGetDriverVersion", text, VERSION_BYTES) == 0 ? text.getString(0) : "";
  }

  private int number(String function, int selector) {
    MemorySegment result = arena.allocate(JAVA_INT);
    return call(function, device, selector, result) == 0 ? result.get(JAVA_INT, 0) : 0;
  }

  private int number(String function) {
    MemorySegment result = arena.allocate(JAVA_INT);
    return call(function, device, result) == 0 ? result.get(JAVA_INT, 0) : 0;
  }

  /** Calls a function; the result is 0, or an error's number, also where the library lacks it. */
  @SuppressWarnings("restricted")
  private int call(String function, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = arguments[i] instanceof MemorySegment ? ADDRESS : JAVA_INT;
    }
    Optional<MemorySegment> symbol = library.find(function);
    if (symbol.isEmpty()) {
      return -1;
    }
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(symbol.get(), FunctionDescriptor.of(JAVA_INT, layouts))
              .invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AccreteException("calling " + function + " of " + LIBRARY + " failed", e);
    }
  }

  @Override
  public void close() {
    call("nvmlShutdown");
    arena.close();
  }
}
