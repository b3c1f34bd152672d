package dev.accrete.bench.gpu.vendor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.accrete.core.AccreteException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whichever version of a library is installed, called by the foreign-function interface. The user
 * may name its file by an environment variable, {@code ACCRETE_CUBLAS} for example, or a system
 * property, {@code accrete.cublas}, before it.
 */
final class NativeLibrary {
  @SuppressWarnings("restricted") // What a library says of its own errors.
  private static final AddressLayout TEXT =
      ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(256, JAVA_BYTE));

  private final String file;
  private final SymbolLookup symbols;
  private final Map<String, MethodHandle> functions = new HashMap<>();

  private NativeLibrary(String file, SymbolLookup symbols) {
    this.file = file;
    this.symbols = symbols;
  }

  /**
   * Loads the file that the user names, else the first of these that is there.
   *
   * @param label what the library is called, {@code cublas} for example
   * @param named whether to take none that the user does not name
   * @throws AccreteException in one line, which says what was looked for
   */
  static NativeLibrary open(String label, List<String> files, boolean named) {
    String variable = "ACCRETE_" + label.toUpperCase(Locale.ROOT);
    String wanted =
        Optional.ofNullable(System.getProperty("accrete." + label))
            .or(() -> Optional.ofNullable(System.getenv(variable)))
            .orElse("");
    if (!wanted.isEmpty()) {
      return load(wanted)
          .orElseThrow(
              () ->
                  new AccreteException(
                      label + ": " + variable + " names " + wanted + ", which does not load"));
    }
    NativeLibrary found =
        files.stream()
            .flatMap(file -> load(file).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new AccreteException(
                        String.format(
                            Locale.ROOT,
                            "%s: not installed (looked for %s); install it so that the system's loader"
                                + " finds it, or set %s to its file",
                            label,
                            String.join(", ", files),
                            variable)));
    if (named) {
      throw new AccreteException(
          label + ": not used on the emulated device unless " + variable + " names a file");
    }
    return found;
  }

  /** For good: a library that talks to a device should not be unloaded. */
  @SuppressWarnings("restricted") // That is the purpose of this class.
  private static Optional<NativeLibrary> load(String file) {
    try {
      return Optional.of(new NativeLibrary(file, SymbolLookup.libraryLookup(file, Arena.global())));
    } catch (IllegalArgumentException e) {
      // Not there, or not a library: the caller says so.
      return Optional.empty();
    }
  }

  /** The name of the file that was loaded. */
  String file() {
    return String.valueOf(Path.of(file).getFileName());
  }

  /**
   * Calls a function that returns a status.
   *
   * @param explain the library's function that puts a status into words
   * @param arguments segments, and numbers of the C type's size; addresses on the device are longs
   * @throws AccreteException naming the function and the status, unless that is 0
   */
  void call(String explain, String function, Object... arguments) {
    int status = (int) invoke(function, JAVA_INT, arguments);
    if (status != 0) {
      throw new AccreteException(
          String.format(
              Locale.ROOT,
              "%s of %s failed with status %d%s",
              function,
              file,
              status,
              symbols.find(explain).isPresent() ? " (" + text(explain, status) + ")" : ""));
    }
  }

  private String text(String explain, int status) {
    return ((MemorySegment) invoke(explain, TEXT, status)).getString(0);
  }

  /** Calls a function that returns something else. */
  @SuppressWarnings("restricted")
  Object invoke(String function, MemoryLayout result, Object... arguments) {
    MethodHandle handle =
        functions.computeIfAbsent(
            function,
            name ->
                Linker.nativeLinker()
                    .downcallHandle(
                        symbols
                            .find(name)
                            .orElseThrow(
                                () -> new AccreteException(file + " has no function " + name)),
                        FunctionDescriptor.of(
                            result,
                            Arrays.stream(arguments)
                                .map(NativeLibrary::layout)
                                .toArray(MemoryLayout[]::new))));
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AccreteException("calling " + function + " of " + file + " failed", e);
    }
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case MemorySegment ignored -> ADDRESS;
      case Integer ignored -> JAVA_INT;
      case Long ignored -> JAVA_LONG;
      case Double ignored -> JAVA_DOUBLE;
      default -> throw new IllegalArgumentException("no argument of C: " + argument);
    };
  }
}
