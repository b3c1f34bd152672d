package dev.accrete.kernels.cuda;

import dev.accrete.core.AccreteException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the user wants of CUDA: the environment variable {@value #VARIABLE}, or the system property
 * {@value #PROPERTY} before it.
 *
 * @param mode which driver
 * @param ordinal the device's number
 * @param explicit whether the user said anything at all
 * @param emulator the folder of the emulated driver, if it is known
 */
record CudaRequest(Mode mode, int ordinal, boolean explicit, Optional<Path> emulator) {
  static final String VARIABLE = "ACCRETE_CUDA";
  static final String PROPERTY = "accrete.cuda";

  /** Where {@code native/emulator/build} put the emulated driver and its kernels. */
  static final String EMULATOR_PROPERTY = "accrete.cuda.emulator";

  /** Which driver is meant. */
  enum Mode {
    /** The machine's own. */
    REAL,
    /** The stand-in that runs kernels on the CPU, for tests. */
    EMULATED,
    /** None. */
    OFF
  }

  /** The request as it stands now. */
  static CudaRequest current() {
    String variable = Optional.ofNullable(System.getenv(VARIABLE)).orElse("");
    Optional<Path> emulator =
        Optional.ofNullable(System.getProperty(EMULATOR_PROPERTY)).map(Path::of);
    return of(Optional.ofNullable(System.getProperty(PROPERTY)).orElse(variable), emulator);
  }

  /**
   * Parses the variable: "off", "emulated", a device's number, or nothing for device 0.
   *
   * @throws AccreteException if it is none of these
   */
  static CudaRequest of(String text, Optional<Path> emulator) {
    return switch (text) {
      case "" -> new CudaRequest(Mode.REAL, 0, false, emulator);
      case "off" -> new CudaRequest(Mode.OFF, 0, true, emulator);
      case "emulated" -> new CudaRequest(Mode.EMULATED, 0, true, emulator);
      default -> {
        if (!text.matches("[0-9]{1,3}")) {
          throw new AccreteException(
              VARIABLE
                  + " is '"
                  + text
                  + "'; it may be the number of a device, 'off', or 'emulated'");
        }
        yield new CudaRequest(Mode.REAL, Integer.parseInt(text), true, emulator);
      }
    };
  }

  boolean emulated() {
    return mode == Mode.EMULATED;
  }
}
